import { type Question, type Questionnaire, questionsIn, questionsOf } from '../../survey/questionnaire.ts';
import { type SurveyWords, surveyWords } from '../survey-words.ts';
import { answerStatuses, statusMeaning } from './answer-statuses.ts';
import { csvText } from './csv.ts';
import { type Cell, type ExportTable, joined } from './export-table.ts';

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
  'order',
  'checks',
] as const;

type CodebookRow = Partial<Record<(typeof headings)[number], Cell>>;

/**
 * What each column of an export is, as CSV: a row a column, and where one column holds the answers to all questions a
 * further row a question. Where a text pipes an answer, the question is named instead; conditions are SurveyJS
 * expressions, those of the page included. `values` is `value = text; …`. The last rows say what each status means.
 */
export function codebookCsv(questionnaire: Questionnaire, table: ExportTable): string {
  const words = surveyWords(questionnaire);
  const ofPage = new Map(
    questionnaire.pages.flatMap(({ elements, visibleIf }) =>
      questionsIn(elements).map(({ name }) => [name, visibleIf] as const),
    ),
  );
  const describe = (question: Question): CodebookRow =>
    questionRow(question, ofPage.get(question.name) ?? [], words);
  const isWide = table.columns.some(({ question }) => question !== null);
  const rows: CodebookRow[] = table.columns.map(({ name, type, description, question }) => {
    return { column: name, type, description, ...(question && describe(question)) };
  });
  if (!isWide && table.columns.some(({ name }) => name === 'value')) {
    for (const question of questionsOf(questionnaire)) rows.push({ column: 'value', ...describe(question) });
  }
  for (const status of answerStatuses)
    rows.push({ column: `(status) ${status}`, description: statusMeaning[status] });
  return csvText([headings, ...rows.map((row) => headings.map((heading) => row[heading] ?? null))]);
}

function questionRow(
  question: Question,
  visibleIfOfPage: readonly string[],
  words: SurveyWords,
): CodebookRow {
  const { readable } = words;
  return {
    question: question.name,
    stem: readable(question.stem),
    title: readable(question.title),
    question_description: readable(question.description),
    kind: question.kind,
    required: question.isRequired ? 'yes' : 'no',
    required_if: question.requiredIf.join(' or '),
    visible_if: all([...new Set([...visibleIfOfPage, ...question.visibleIf])]),
    enable_if: all(question.enableIf),
    checks: joined(question.checks.map(({ expression, message }) => `${expression} (${readable(message)})`)),
    ...bounds(question, words),
  };
}

function bounds(question: Question, words: SurveyWords): CodebookRow {
  const ends = (min: string, max: string): CodebookRow => {
    return { min_label: words.readable(min), max_label: words.readable(max) };
  };
  switch (question.kind) {
    case 'number': {
      const { min, max, step, labels, integer } = question;
      const labelOf = (value: number | null): string =>
        labels.find((each) => each.value === value)?.text ?? '';
      const values = integer ? 'whole numbers' : 'numbers';
      return { min, max, step, ...ends(labelOf(min), labelOf(max)), values };
    }
    case 'text': {
      const { earliest, latest, minLength, maxLength, format } = question;
      return {
        min: earliest ?? (minLength === null ? null : `${minLength} characters`),
        max: latest ?? (maxLength === null ? null : `${maxLength} characters`),
        values: format === 'plain' ? 'text' : format,
      };
    }
    case 'rating':
      return { ...choices(question, words), ...ends(question.minDescription, question.maxDescription) };
    case 'multiple-choice':
    case 'ranking':
      return {
        ...choices(question, words),
        min: `${question.minSelected} selected`,
        max: `${question.maxSelected} selected`,
      };
    case 'single-choice':
      return choices(question, words);
  }
}

function choices(
  { options, optionOrder, isOrdinal }: Extract<Question, { readonly options: unknown }>,
  { readable }: SurveyWords,
): CodebookRow {
  const values = options.map(({ value, text, role, visibleIf }) => {
    const notes = [
      ...(role === 'plain' ? [] : [role]),
      ...(visibleIf.length > 0 ? [`offered if ${all(visibleIf)}`] : []),
    ];
    return `${value} = ${readable(text)}${notes.length > 0 ? ` [${notes.join(', ')}]` : ''}`;
  });
  const order = optionOrder === 'random' ? (isOrdinal ? 'random: reversed for half' : 'random') : optionOrder;
  return { values: joined(values), order };
}

function all(conditions: readonly string[]): string {
  return conditions.length > 1 ? conditions.map((each) => `(${each})`).join(' and ') : conditions.join('');
}
