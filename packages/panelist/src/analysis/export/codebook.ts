import { type Question, type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';
import { answerStatuses, statusMeaning } from './answer-statuses.ts';
import { csvText } from './csv.ts';
import { type Cell, type ExportColumn, type ExportTable, joined } from './export-table.ts';

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
 * further row a question. Texts are as the survey file has them, before `{piping}` is filled in; conditions are
 * SurveyJS expressions. `values` is `value = text; …`. The last rows say what each status means.
 */
export function codebookCsv(questionnaire: Questionnaire, table: ExportTable): string {
  const isWide = table.columns.some(({ question }) => question !== null);
  const rows: CodebookRow[] = table.columns.map(columnRow);
  if (!isWide && table.columns.some(({ name }) => name === 'value')) {
    for (const question of questionsOf(questionnaire))
      rows.push({ column: 'value', ...questionRow(question) });
  }
  for (const status of answerStatuses)
    rows.push({ column: `(status) ${status}`, description: statusMeaning[status] });
  return csvText([headings, ...rows.map((row) => headings.map((heading) => row[heading] ?? null))]);
}

function columnRow({ name, type, description, question }: ExportColumn): CodebookRow {
  return { column: name, type, description, ...(question && questionRow(question)) };
}

function questionRow(question: Question): CodebookRow {
  return {
    question: question.name,
    stem: question.stem,
    title: question.title,
    question_description: question.description,
    kind: question.kind,
    required: question.isRequired ? 'yes' : 'no',
    required_if: question.requiredIf.join(' or '),
    visible_if: all(question.visibleIf),
    enable_if: all(question.enableIf),
    checks: joined(question.checks.map(({ expression, message }) => `${expression} (${message})`)),
    ...bounds(question),
  };
}

function bounds(question: Question): CodebookRow {
  switch (question.kind) {
    case 'number': {
      const { min, max, step, labels, integer } = question;
      const labelOf = (value: number | null): string =>
        labels.find((each) => each.value === value)?.text ?? '';
      const values = integer ? 'whole numbers' : 'numbers';
      return { min, max, step, min_label: labelOf(min), max_label: labelOf(max), values };
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
      return { ...choices(question), min_label: question.minDescription, max_label: question.maxDescription };
    case 'multiple-choice':
    case 'ranking':
      return {
        ...choices(question),
        min: `${question.minSelected} selected`,
        max: `${question.maxSelected} selected`,
      };
    case 'single-choice':
      return choices(question);
  }
}

function choices({
  options,
  optionOrder,
  isOrdinal,
}: Extract<Question, { readonly options: unknown }>): CodebookRow {
  const values = options.map(({ value, text, role, visibleIf }) => {
    const notes = [
      ...(role === 'plain' ? [] : [role]),
      ...(visibleIf.length > 0 ? [`offered if ${all(visibleIf)}`] : []),
    ];
    return `${value} = ${text}${notes.length > 0 ? ` [${notes.join(', ')}]` : ''}`;
  });
  const order = optionOrder === 'random' ? (isOrdinal ? 'random: reversed for half' : 'random') : optionOrder;
  return { values: joined(values), order };
}

function all(conditions: readonly string[]): string {
  return conditions.length > 1 ? conditions.map((each) => `(${each})`).join(' and ') : conditions.join('');
}
