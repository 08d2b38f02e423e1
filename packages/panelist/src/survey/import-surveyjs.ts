import { quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import type { Expression, Note, Page, PageElement, Questionnaire } from './questionnaire.ts';
import { ImportProblems } from './surveyjs/import-problems.ts';
import { importQuestion } from './surveyjs/import-question.ts';
import { lint } from './surveyjs/lint.ts';
import { TextLanguage } from './surveyjs/localised-text.ts';
import { QuestionNames } from './surveyjs/question-names.ts';
import { isObject, type ReadContext, SurveyNode } from './surveyjs/survey-node.ts';
import { type RawElement, type RawPage, SurveyTree } from './surveyjs/survey-tree.ts';

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
 * means, is left out in silence: what cannot be carried is refused by its path, all of it at once. Looks, navigation
 * and the order of display are ignored: questions and options keep the file's order.
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
  const tree = new SurveyTree(json, problems, names);
  lint(json, problems);

  const own = json.locale ?? '';
  if (own !== '' && !isLocale(own))
    problems.invalid({ path: 'locale', element: null }, `${quote(own)} is no language`);
  const language = new TextLanguage(locale ?? null, isLocale(own) ? own : null);
  const reading = { problems, language, names, maxTextLength: null };
  // Before the first page: the survey's own texts are shown when no answer is there to pipe.
  const survey = new SurveyNode('survey', json, root, -1, reading);
  const context: ReadContext = { ...reading, maxTextLength: survey.count('maxTextLength') };
  const questionnaire: Questionnaire = {
    title: survey.text('title'),
    description: survey.text('description'),
    locale: language.locale,
    pages: tree.pages.map((page) => importPage(page, context)),
  };
  const languages = language.missing();
  if (languages !== null)
    problems.invalid(root, `it has no texts in ${quote(locale)}; it has ${languages.join(', ')}`);
  problems.throwIfAny();
  return questionnaire;
}

function importPage({ raw, place, index, elements }: RawPage, context: ReadContext): Page {
  const node = new SurveyNode('page', raw, place, index, context);
  return {
    name: node.word('name') || `page${index + 1}`,
    title: node.text('title'),
    description: node.text('description'),
    visibleIf: node.conditions(),
    elements: elements.flatMap((element) => importElement(element, [], index, context)),
  };
}

function importElement(
  { raw, place, type, elements }: RawElement,
  around: readonly Expression[],
  page: number,
  context: ReadContext,
): PageElement[] {
  const node = new SurveyNode(type, raw, place, page, context);
  if (type !== 'panel' && type !== 'html') return [importQuestion(type, node, around, context)];
  const visibleIf = [...around, ...node.conditions()];
  if (type === 'html') return notes(visibleIf, node.text('html'));
  return [
    ...notes(visibleIf, node.text('title'), node.text('description')),
    ...elements.flatMap((element) => importElement(element, visibleIf, page, context)),
  ];
}

function notes(visibleIf: readonly Expression[], ...texts: readonly string[]): Note[] {
  const text = texts.filter((part) => part !== '').join('\n');
  return text === '' ? [] : [{ kind: 'note', text, visibleIf }];
}

/** The form only: SurveyJS has codes of its own, and front ends add theirs. */
function isLocale(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z]{2,8}(?:[-_][a-z\d]{1,8}){0,3}$/i.test(value);
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeperThan(part, levels - 1));
}
