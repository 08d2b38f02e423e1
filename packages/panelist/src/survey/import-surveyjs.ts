import { quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import type { Block, Order, Page, PageElement, Questionnaire } from './questionnaire.ts';
import { ImportProblems } from './surveyjs/import-problems.ts';
import { importQuestion, type Surroundings } from './surveyjs/import-question.ts';
import { lint } from './surveyjs/lint.ts';
import { TextLanguage } from './surveyjs/localised-text.ts';
import { QuestionNames } from './surveyjs/question-names.ts';
import { isObject, type ReadContext, SurveyNode } from './surveyjs/survey-node.ts';
import { type RawElement, type RawPage, SurveyTree } from './surveyjs/survey-tree.ts';
import { calculatedNames, importComputed, importTriggers } from './surveyjs/triggers.ts';

export interface ImportOptions {
  /**
   * The language to ask in, as the file spells it or nearly: `fr`, `zh-cn`.
   * @default the file's `locale`, else its default texts
   */
  readonly locale?: string | undefined;
}

/** Levels of arrays and objects: beyond any survey, and far below what would exhaust the stack. */
const maxDepth = 100;
const root = { path: '', element: null };

/**
 * Compiles a SurveyJS survey into what an interview needs. Nothing that would change what is asked, or what an answer
 * means, is left out in silence: what cannot be carried is refused by its path, all of it at once. Looks and navigation
 * are ignored.
 *
 * @throws PanelistError `SURVEY_INVALID` for what is no SurveyJS survey, misspelt, or inconsistent;
 * `SURVEY_UNSUPPORTED` for what SurveyJS can ask and Panelist cannot yet; `USAGE` for a locale that is none.
 */
export function importSurveyJs(json: unknown, { locale }: ImportOptions = {}): Questionnaire {
  if (!isObject(json))
    throw new PanelistError('SURVEY_INVALID', `A survey is a JSON object, not ${quote(json)}.`);
  if (locale !== undefined && !isLocale(locale))
    throw new PanelistError('USAGE', `${quote(locale)} is no language; write it like "en", "fr" or "zh-cn".`);
  const problems = new ImportProblems();
  if (isDeeperThan(json, maxDepth)) {
    problems.invalid(root, `it is nested more than ${maxDepth} levels deep`);
    problems.throwIfAny();
  }
  const names = new QuestionNames(problems);
  for (const name of calculatedNames(json.calculatedValues))
    names.add({ key: name, page: -1, pipesText: true });
  const tree = new SurveyTree(json, problems, names);
  lint(json, problems);

  const own = json.locale ?? '';
  if (own !== '' && !isLocale(own))
    problems.invalid({ path: 'locale', element: null }, `${quote(own)} is no language`);
  const language = new TextLanguage(locale ?? null, isLocale(own) ? own : null);
  const reading = { problems, language, names, maxTextLength: null, sources: new Map() };
  // Before the first page: the survey's own texts are shown when no answer is there to pipe.
  const survey = new SurveyNode('survey', json, root, -1, reading);
  const context: ReadContext = { ...reading, maxTextLength: survey.count('maxTextLength') };
  const questionnaire: Questionnaire = {
    title: survey.text('title'),
    description: survey.text('description'),
    locale: language.locale,
    pages: tree.pages.map((page) => importPage(page, survey, context)),
    computed: importComputed(json.calculatedValues, tree.computed, context),
    triggers: importTriggers(json.triggers, context),
  };
  const languages = language.missing();
  if (languages !== null)
    problems.invalid(root, `it has no texts in ${quote(locale)}; it has ${languages.join(', ')}`);
  problems.throwIfAny();
  return questionnaire;
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
  const { raw, place, type } = element;
  if (type === 'grid') return [importGrid(element, around, page, context)];
  const node = new SurveyNode(type, raw, place, page, context);
  if (type === 'html' || type === 'image') {
    const text =
      type === 'html' ? node.text('html') : node.text('altText') || '[An image that is not shown here.]';
    return text === ''
      ? []
      : [{ kind: 'note', text, visibleIf: [...around.visibleIf, ...node.conditions()] }];
  }
  if (type !== 'panel') {
    const questions = importQuestion(type, node, around, element.cell ?? null, context);
    for (const question of questions) {
      if ('options' in question)
        context.sources.set(question.name.toLowerCase(), {
          options: question.options.filter(({ role }) => role === 'plain'),
          isSeveral: question.kind !== 'single-choice' && question.kind !== 'rating',
        });
    }
    return questions;
  }
  // A row of several columns, and an entry of a dynamic panel, are understood by the grid's title and their own.
  const isStem = around.stem !== '';
  const title = [around.stem, node.text('title')].filter((text) => text !== '').join(': ');
  const inside = {
    stem: isStem ? title : '',
    visibleIf: [...around.visibleIf, ...node.conditions()],
    enableIf: [...around.enableIf, ...node.conditions('enableIf')],
  };
  return [
    {
      kind: 'block',
      name: node.word('name') || place.path,
      title,
      description: node.text('description'),
      isStem,
      visibleIf: inside.visibleIf,
      order: orderOf(node, 'questionOrder', 'as-listed'),
      elements: element.elements.flatMap((each) => importElement(each, inside, page, context)),
    },
  ];
}

function importGrid(
  { raw, place, gridClass = 'matrix', elements }: RawElement,
  around: Surroundings,
  page: number,
  context: ReadContext,
): Block {
  const node = new SurveyNode(gridClass, raw, place, page, context);
  const name = node.word('valueName') || node.word('name') || '';
  if (name.trim() === '') context.problems.invalid(place, 'it has no name');
  const title = node.text('title') || name;
  if (node.boolean('eachRowUnique', false))
    context.problems.unsupported(node.placeOf('eachRowUnique'), 'rows that must differ are not carried yet');
  if (node.has('validators') && node.list('validators').length > 0)
    context.problems.unsupported(
      node.placeOf('validators'),
      'validators of a whole grid are not carried yet',
    );
  const inside = {
    visibleIf: [...around.visibleIf, ...node.conditions()],
    enableIf: [...around.enableIf, ...node.conditions('enableIf')],
    stem: title,
  };
  const isStem = gridClass === 'matrix' || gridClass === 'multipletext';
  return {
    kind: 'block',
    name,
    // The others' rows and entries have blocks of their own, with both titles.
    title: isStem ? title : '',
    description: node.text('description'),
    isStem,
    visibleIf: inside.visibleIf,
    order: orderOf(node, 'rowOrder', 'as-listed'),
    elements: elements.flatMap((element) => importElement(element, inside, page, context)),
  };
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

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}
