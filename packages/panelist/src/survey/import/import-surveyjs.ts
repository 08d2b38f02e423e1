import { quote } from '@panelist/toolkit';
import { interviewTextsFor } from '../../languages/messages.ts';
import { PanelistError } from '../../panelist-error.ts';
import { expressionsTooLong } from '../expressions/expression-terms.ts';
import { kindOf } from '../question-kinds/index.ts';
import { isListForm } from '../question-kinds/kind.ts';
import {
  type Block,
  type Order,
  type Page,
  type PageElement,
  type Questionnaire,
  questionsOf,
  type Trigger,
} from '../questionnaire.ts';
import { runWithin, TookTooLong } from '../run-within.ts';
import type { Cell } from './cells.ts';
import { withDistinctTitles } from './distinct-titles.ts';
import { withGridChecks, withRequiredGroup } from './group-checks.ts';
import {
  calculatedNames,
  importComputed,
  importTriggers,
  questionTriggers,
  triggeredNames,
} from './import-consequences.ts';
import { ImportProblems, type Place, SurveyError } from './import-problems.ts';
import { importQuestion, type Surroundings } from './import-question.ts';
import { lint } from './lint.ts';
import { TextLanguage } from './localised-text.ts';
import { QuestionNames } from './question-names.ts';
import type { RawElement, RawPage } from './raw-survey.ts';
import { withOriginals } from './references.ts';
import { checkSize } from './size-limits.ts';
import { isObject, type ReadContext, SurveyNode } from './survey-node.ts';
import { SurveyTree } from './survey-tree.ts';

export interface ImportOptions {
  /**
   * The language to ask in, as the file spells it or nearly: `fr`, `zh-cn`.
   * @default the file's `locale`, else its default texts
   */
  readonly locale?: string | undefined;
  /**
   * What to do with what SurveyJS can ask and Panelist cannot, such as a file to upload: `skip` leaves it out and lists
   * it in the questionnaire's `skipped`.
   * @default 'refuse'
   */
  readonly unsupported?: 'skip' | 'refuse' | undefined;
  /** Lists of choices that the file takes from a URL or from code, by the name of their question. */
  readonly choices?: ReadonlyMap<string, readonly unknown[]> | undefined;
}

/** What is carried and may not be meant, such as a question without a title. */
export interface ImportWarning {
  /** Where it is in the file: `pages[0].elements[2]`. */
  readonly path: string;
  readonly element: string | null;
  readonly text: string;
}

export interface ImportedSurvey {
  readonly questionnaire: Questionnaire;
  readonly warnings: readonly ImportWarning[];
}

/** Far above what the largest survey takes that the bounds of size let through. */
const importLimitMs = 20_000;
const root = { path: '', element: null };

/** The questionnaire of `importSurvey` alone. @throws PanelistError as `importSurvey` */
export function importSurveyJs(json: unknown, options: ImportOptions = {}): Questionnaire {
  return importSurvey(json, options).questionnaire;
}

/**
 * Compiles a SurveyJS survey into what an interview needs. What would change what is asked, or what an answer means, is
 * carried, or refused by its path, all of it at once. Looks and navigation are ignored.
 *
 * @throws PanelistError `SURVEY_INVALID` for what is not a SurveyJS survey, misspelt, or inconsistent;
 * `SURVEY_UNSUPPORTED` for what SurveyJS can ask and Panelist cannot; `USAGE` for a locale that is not one, and for
 * choices of a question that is not there.
 */
export function importSurvey(json: unknown, options: ImportOptions = {}): ImportedSurvey {
  try {
    return runWithin(importLimitMs, () => withOriginals(() => compiled(json, options)));
  } catch (error) {
    if (!(error instanceof TookTooLong)) throw error;
    const text = `it takes more than ${importLimitMs / 1000} s to check: it has too many choices, conditions or cells of grids`;
    throw new SurveyError('SURVEY_INVALID', `The survey is not valid: ${text}.`, [
      { ...root, code: 'SURVEY_INVALID', text },
    ]);
  }
}

function compiled(json: unknown, options: ImportOptions): ImportedSurvey {
  const { locale, unsupported = 'refuse', choices = new Map<string, readonly unknown[]>() } = options;
  if (!isObject(json))
    throw new PanelistError('SURVEY_INVALID', `A survey is a JSON object, not ${quote(json)}.`);
  if (locale !== undefined && !isLocale(locale))
    throw new PanelistError(
      'USAGE',
      `${quote(locale)} is not a language; write it like "en", "fr" or "zh-cn".`,
    );
  const problems = new ImportProblems(unsupported);
  checkSize(json, problems);
  const names = new QuestionNames(problems);
  for (const name of calculatedNames(json.calculatedValues))
    names.add({ key: name, page: -1, pipesText: true });
  for (const name of triggeredNames(json.triggers)) names.add({ key: name, page: -1, pipesText: true });
  const tree = new SurveyTree(json, problems, names);
  lint(json, problems);

  const own = json.locale ?? '';
  if (own !== '' && !isLocale(own))
    problems.invalid({ path: 'locale', element: null }, `${quote(own)} is not a language`);
  const language = new TextLanguage(locale ?? null, isLocale(own) ? own : null);
  const warnings = new Map<string, ImportWarning>();
  const warn = (place: Place, text: string): void => {
    if (!warnings.has(place.path)) warnings.set(place.path, { ...place, text });
  };
  const sources = new Map();
  const triggers: Trigger[] = [];
  const reading = { problems, language, names, maxTextLength: null, sources, choices, warn, triggers };
  // Before the first page: the survey's own texts are displayed when there is no answer to pipe.
  const survey = new SurveyNode('survey', json, root, -1, reading);
  const context: ReadContext = { ...reading, maxTextLength: survey.count('maxTextLength') };
  const pages = withDistinctTitles(
    tree.pages.map((page) => importPage(page, survey, context)),
    context,
  );
  checkNames(pages, problems);
  const clearing = survey.word('clearInvisibleValues') ?? 'onComplete';
  const computed = importComputed(json.calculatedValues, tree.computed, context);
  triggers.push(...importTriggers(json.triggers, context));
  for (const name of choices.keys())
    if (!tree.hasQuestion(name))
      throw new PanelistError(
        'USAGE',
        `Choices are given for ${quote(name)}, which is not a question of the survey.`,
      );
  const languages = language.missing();
  if (languages !== null)
    problems.invalid(root, `it has no texts in ${quote(locale)}; it has ${languages.join(', ')}`);
  problems.throwIfAny();
  const questionnaire: Questionnaire = {
    title: survey.text('title'),
    description: survey.text('description'),
    locale: language.locale,
    pages,
    computed,
    triggers,
    lists: tree.lists,
    clearInvisibleValues: clearing === 'none' || clearing === 'onHidden' ? clearing : 'onComplete',
    skipped: problems.skipped,
  };
  const tooLong = expressionsTooLong(questionnaire);
  if (tooLong !== null) problems.invalid(root, `${tooLong}; remove or shorten conditions`);
  problems.throwIfAny();
  return { questionnaire, warnings: [...warnings.values()] };
}

/** A cell can be called like a question beside its grid: `{grid.row}`. */
function checkNames(pages: readonly Page[], problems: ImportProblems): void {
  const paths = new Map<string, string>();
  for (const { name, path } of questionsOf({ pages })) {
    const before = paths.get(name);
    if (before === undefined) paths.set(name, path);
    else
      problems.invalid(
        { path, element: name },
        `its column would be called ${quote(name)}, as that of ${before} is; rename one of them`,
      );
  }
}

function importPage(
  { raw, place, index, elements }: RawPage,
  survey: SurveyNode,
  context: ReadContext,
): Page {
  const node = new SurveyNode('page', raw, place, index, context);
  const readOnly = survey.boolean('readOnly', false) || survey.word('mode') === 'display' ? ['false'] : [];
  const around = { visibleIf: [], enableIf: [...readOnly, ...node.conditions('enableIf')], stem: '' };
  return {
    name: node.word('name') || `page${index + 1}`,
    title: node.text('title'),
    description: node.text('description'),
    visibleIf: node.conditions(),
    order: orderOf(node, 'questionOrder', orderOf(survey, 'questionOrder', 'as-listed')),
    elements: elements.flatMap((element) => importElement(element, around, index, context)),
  };
}

function importElement(
  element: RawElement,
  around: Surroundings,
  page: number,
  context: ReadContext,
): PageElement[] {
  const { raw, place, type, cell } = element;
  if (type === 'grid') return [importGrid(element, around, page, context)];
  const node = new SurveyNode(type === 'entrycount' ? 'text' : type, raw, place, page, context);
  if (type === 'html' || type === 'image') {
    const text =
      type === 'html'
        ? node.text('html')
        : node.text('altText') || interviewTextsFor(context.language.locale).unseenImage;
    return text === ''
      ? []
      : [{ kind: 'note', text, visibleIf: [...around.visibleIf, ...node.conditions()] }];
  }
  if (type === 'panel') return [importPanel(element, node, around, page, context)];
  const questions = importQuestion(type, node, around, cell as Cell, context);
  for (const question of questions) {
    context.triggers.push(...questionTriggers(node, question.name));
    if (!('options' in question)) continue;
    const isSeveral = isListForm(kindOf(question).answerForm);
    const source = { name: question.name, options: question.options, isSeveral };
    context.sources.set(question.name.toLowerCase(), source);
    const own = node.word('name');
    if (own !== null) context.sources.set(own.toLowerCase(), source);
  }
  // One without choices has been reported; nobody could answer it.
  return questions.filter((question) => !('options' in question) || question.options.length > 0);
}

function importPanel(
  { raw, place, elements }: RawElement,
  node: SurveyNode,
  around: Surroundings,
  page: number,
  context: ReadContext,
): Block {
  // A row of several columns, and an entry of a dynamic panel, are understood by the grid's title and their own.
  const title = [around.stem, node.text('title')].filter((text) => text !== '').join(': ');
  const inside = {
    stem: around.stem === '' ? '' : title,
    visibleIf: [...around.visibleIf, ...node.conditions()],
    enableIf: [...around.enableIf, ...node.conditions('enableIf')],
  };
  const block: Block = {
    kind: 'block',
    name: node.word('name') || place.path,
    title,
    description: node.text('description'),
    isGrid: false,
    visibleIf: inside.visibleIf,
    order: orderOf(node, 'questionOrder', 'as-listed'),
    elements: elements.flatMap((each) => importElement(each, inside, page, context)),
  };
  return withRequiredGroup(block, node, raw, context);
}

function importGrid(
  { raw, place, gridClass = 'matrix', elements, cell }: RawElement,
  around: Surroundings,
  page: number,
  context: ReadContext,
): Block {
  const node = new SurveyNode(gridClass, raw, place, page, context);
  const name = (cell as Cell).name;
  const own = node.text('title') || node.word('name') || name;
  if (node.text('title') === '')
    context.warn(
      place,
      `it has no title in ${quote(context.language.locale)}: respondents read its name, ${quote(own)}`,
    );
  const title = [around.stem, own].filter((text) => text !== '').join(': ');
  const inside = {
    visibleIf: [...around.visibleIf, ...node.conditions()],
    enableIf: [...around.enableIf, ...node.conditions('enableIf')],
    stem: title,
  };
  const isGrid = gridClass === 'matrix' || gridClass === 'multipletext';
  const block: Block = {
    kind: 'block',
    name,
    // The rows and entries of the others have blocks of their own, with both titles.
    title: isGrid ? title : '',
    description: node.text('description'),
    isGrid,
    visibleIf: inside.visibleIf,
    order: orderOf(node, 'rowOrder', 'as-listed'),
    elements: elements.flatMap((element) => importElement(element, inside, page, context)),
  };
  return withRequiredGroup(withGridChecks(block, node, cell as Cell, context), node, raw, context);
}

function orderOf(node: SurveyNode, key: 'questionOrder' | 'rowOrder', absent: Order): Order {
  const order = node.word(key) ?? 'default';
  if (order === 'random') return 'random';
  return order === 'default' ? absent : 'as-listed';
}

/** The form only: SurveyJS has codes of its own, and front ends add theirs. */
function isLocale(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]{2,8}(?:[-_][a-z\d]{1,8}){0,3}$/i.test(value);
}
