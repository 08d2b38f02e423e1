import type { Messages } from '../../languages/messages.ts';
import { answerStatuses } from '../../survey/answer.ts';
import { hasOrderedOptions, measurementOf } from '../../survey/measurement.ts';
import { kindOf } from '../../survey/question-kinds/index.ts';
import { type Question, type Questionnaire, questionsIn, questionsOf } from '../../survey/questionnaire.ts';
import type { SurveyTaskParams } from '../../survey/survey-task.ts';
import { measurementText } from '../measurement-text.ts';
import { type SurveyWords, surveyWords } from '../survey-words.ts';
import { type Cell, type ExportTable, joined } from './export-table.ts';
import { csvText } from './write-csv.ts';

const headings = [
  'column',
  'type',
  'description',
  'question',
  'stem',
  'title',
  'question_description',
  'kind',
  'required',
  'required_if',
  'visible_if',
  'enable_if',
  'min',
  'max',
  'step',
  'min_label',
  'max_label',
  'values',
  'measurement',
  'order',
  'checks',
] as const;

type OrderRule = SurveyTaskParams['orderRule'];

type CodebookRow = Partial<Record<(typeof headings)[number], Cell>>;

/**
 * Describes the columns of an export as CSV: one row per column, and if one column has the answers to all questions,
 * another row per question. A piped answer is replaced by the question's name. Conditions are SurveyJS expressions and
 * include those of the page. `values` is `value = text; …`. The last rows list what was left out of the survey file and
 * what each status means.
 *
 * @param orderRule of the task, by which its options were ordered
 */
export function codebookCsv(
  questionnaire: Questionnaire,
  table: ExportTable,
  orderRule: OrderRule = undefined,
): string {
  const words = surveyWords(questionnaire);
  const { messages } = words;
  const { codebook: said } = messages;
  const ofPage = new Map(
    questionnaire.pages.flatMap(({ elements, visibleIf }) =>
      questionsIn(elements).map(({ name }) => [name, visibleIf] as const),
    ),
  );
  const describe = (question: Question): CodebookRow =>
    questionRow(question, ofPage.get(question.name) ?? [], words, orderRule);
  const isWide = table.columns.some(({ question }) => question !== null);
  const rows: CodebookRow[] = table.columns.map(({ name, type, description, question }) => {
    return { column: name, type, description, ...(question && describe(question)) };
  });
  if (!isWide && table.columns.some(({ name }) => name === 'value')) {
    for (const question of questionsOf(questionnaire)) rows.push({ column: 'value', ...describe(question) });
  }
  for (const { path, element, reason } of questionnaire.skipped ?? [])
    rows.push({ column: said.leftOut(path), question: element ?? '', description: reason });
  for (const status of answerStatuses)
    rows.push({ column: said.status(status), description: messages.statuses.meaning[status] });
  return csvText([
    headings.map((heading) => said.headings[heading]),
    ...rows.map((row) => headings.map((heading) => row[heading] ?? null)),
  ]);
}

function questionRow(
  question: Question,
  visibleIfOfPage: readonly string[],
  words: SurveyWords,
  orderRule: OrderRule,
): CodebookRow {
  const { readable, messages } = words;
  const { codebook: said } = messages;
  return {
    question: question.name,
    stem: readable(question.stem),
    title: readable(question.title),
    question_description: readable(question.description),
    kind: question.kind,
    required: question.isRequired ? said.yes : said.no,
    required_if: question.requiredIf.join(' or '),
    visible_if: all([...new Set([...visibleIfOfPage, ...question.visibleIf])]),
    enable_if: all(question.enableIf),
    measurement: measuredText(question, messages),
    checks: joined(question.checks.map(({ expression, message }) => `${expression} (${readable(message)})`)),
    ...bounds(question, words, orderRule),
  };
}

function bounds(question: Question, words: SurveyWords, orderRule: OrderRule): CodebookRow {
  const { minLabel, maxLabel, ...entry } = kindOf(question).codebook(question, words.messages.codebook);
  return {
    ...('options' in question && choices(question, words, orderRule)),
    ...(minLabel !== undefined && { min_label: words.readable(minLabel) }),
    ...(maxLabel !== undefined && { max_label: words.readable(maxLabel) }),
    ...entry,
  };
}

function choices(
  question: Extract<Question, { readonly options: unknown }>,
  { readable, messages: { codebook: said } }: SurveyWords,
  orderRule: OrderRule,
): CodebookRow {
  const { options, optionOrder } = question;
  const values = options.map(({ value, text, role, visibleIf }) => {
    const notes = [
      ...(role === 'plain' ? [] : [role]),
      ...(visibleIf.length > 0 ? [said.offeredIf(all(visibleIf))] : []),
    ];
    return `${value} = ${readable(text)}${notes.length > 0 ? ` [${notes.join(', ')}]` : ''}`;
  });
  const isScale = orderRule === 'measurement' ? hasOrderedOptions(question) : question.isOrdinal;
  const random = isScale ? said.randomReversed : said.random;
  const order = optionOrder === 'random' ? random : said.asListed;
  return { values: joined(values), order };
}

function measuredText(question: Question, messages: Messages): string {
  const { scores, ...measured } = measurementOf(question);
  return measurementText({ ...measured, scores: scores && [...scores.values()] }, messages);
}

/** Joins conditions into one SurveyJS expression. */
function all(conditions: readonly string[]): string {
  return conditions.length > 1 ? conditions.map((each) => `(${each})`).join(' and ') : conditions.join('');
}
