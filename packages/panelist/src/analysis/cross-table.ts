import type { Option, Question } from '../survey/questionnaire.ts';
import { type AnswerColumn, UNLISTED } from './answer-column.ts';
import type { AnswerTable } from './answer-table.ts';
import type { Grouping } from './grouping.ts';
import { type NumberSummary, numberSummary } from './number-summary.ts';
import { RespondentMeans } from './respondent-means.ts';
import { type ChiSquareTest, chiSquareTest, LOW_EXPECTED } from './statistics/chi-square.ts';
import { holmAdjusted } from './statistics/holm.ts';
import type { Interval } from './statistics/intervals.ts';

export interface CrossGroup {
  readonly label: string;
  /** Respondents of the group who answered the question. */
  readonly n: number;
  readonly effectiveN: number;
  /** For numbers and numeric scales; `null` for others. Without the list of values. */
  readonly numbers: Omit<NumberSummary, 'values'> | null;
}

export interface CrossCell {
  /** Number of interviews. */
  readonly count: number;
  /** Weighted share of the group's respondents. */
  readonly share: number;
  /** 95 %: "model sampling error only". */
  readonly interval: Interval | null;
  /** Expected without association: of the group's `effectiveN`, the option's share in all groups. `null` without a test. */
  readonly expected: number | null;
  /** True if `expected` is below 5. */
  readonly isLow: boolean;
}

export interface CrossRow {
  readonly option: Option;
  /** One for each group, in the groups' order. */
  readonly cells: readonly CrossCell[];
  /** For multiple choices: this option chosen or not, with p adjusted by Holm's method. Otherwise `null`. */
  readonly test: Omit<ChiSquareTest, 'expected'> | null;
}

export interface CrossTable {
  readonly question: Question;
  readonly groups: readonly CrossGroup[];
  /** `null` if the question has no options; then only means are compared. */
  readonly rows: readonly CrossRow[] | null;
  /** `null` for multiple choices, for questions without options, and with fewer than two rows or columns. */
  readonly test: Omit<ChiSquareTest, 'expected'> | null;
}

/** Tabulates each question by group, except free texts and the grouping question. Rankings count by their first option. */
export function crossTables(table: AnswerTable, grouping: Grouping): CrossTable[] {
  return table.columns
    .filter(({ question, answerForm }) => answerForm !== 'text' && question.name !== grouping.question)
    .map((column) => crossTable(table, grouping, column));
}

function crossTable(table: AnswerTable, { labels, groupOf }: Grouping, column: AnswerColumn): CrossTable {
  const ofGroups = labels.map(
    (_, group) =>
      new RespondentMeans(table, (interview) => groupOf(interview) === group && column.hasValue(interview)),
  );
  const groups = labels.map((label, group): CrossGroup => {
    const { n, effectiveN } = ofGroups[group] as RespondentMeans;
    return {
      label,
      n,
      effectiveN,
      numbers: column.isNumeric ? numbersOf(table, column, groupOf, group) : null,
    };
  });
  const { question, options } = column;
  if (options === null) return { question, groups, rows: null, test: null };

  // A respondent's replicates can be in several groups; each interview then counts as a fraction.
  const all = new RespondentMeans(
    table,
    (interview) => groupOf(interview) >= 0 && column.hasValue(interview),
  );
  if (column.answerForm !== 'options') {
    const cells = all.answersIn((interview) => {
      const code = column.chosen(interview)[0] ?? UNLISTED;
      return code === UNLISTED ? null : code * labels.length + groupOf(interview);
    });
    const test = chiSquareTest({ rows: options.length, columns: labels.length, ...cells });
    const rows = options.map((option, code) =>
      row(column, ofGroups, option, code, test?.expected[code] ?? null, null),
    );
    return { question, groups, rows, test: withoutExpected(test) };
  }
  const tests = options.map((_, code) => {
    const cells = all.answersIn(
      (interview) => (column.isChosen(interview, code) ? 0 : labels.length) + groupOf(interview),
    );
    return chiSquareTest({ rows: 2, columns: labels.length, ...cells });
  });
  const pValues = holmAdjusted(tests.flatMap((test) => (test ? [test.p] : []))).values();
  const rows = options.map((option, code) => {
    const test = tests[code] ?? null;
    const corrected = test && { ...test, p: pValues.next().value as number };
    return row(column, ofGroups, option, code, test?.expected[0] ?? null, withoutExpected(corrected));
  });
  return { question, groups, rows, test: null };
}

function row(
  column: AnswerColumn,
  groups: readonly RespondentMeans[],
  option: Option,
  code: number,
  expected: readonly number[] | null,
  test: CrossRow['test'],
): CrossRow {
  const cells = groups.map((means, group): CrossCell => {
    let count = 0;
    for (const interview of means.interviews) count += column.isChosen(interview, code) ? 1 : 0;
    const share = means.share((interview) => column.isChosen(interview, code));
    const expectation = expected?.[group] ?? null;
    return {
      count,
      share: share?.value ?? 0,
      interval: share?.interval ?? null,
      expected: expectation,
      isLow: expectation !== null && expectation > 0 && expectation < LOW_EXPECTED,
    };
  });
  return { option, cells, test };
}

function numbersOf(
  table: AnswerTable,
  column: AnswerColumn,
  groupOf: (interview: number) => number,
  group: number,
): CrossGroup['numbers'] {
  const means = new RespondentMeans(
    table,
    (interview) => groupOf(interview) === group && !Number.isNaN(column.number(interview)),
  );
  const summary = numberSummary(column, means);
  if (summary === null) return null;
  const { values: _, ...rest } = summary;
  return rest;
}

function withoutExpected(test: ChiSquareTest | null): Omit<ChiSquareTest, 'expected'> | null {
  if (test === null) return null;
  const { expected: _, ...rest } = test;
  return rest;
}
