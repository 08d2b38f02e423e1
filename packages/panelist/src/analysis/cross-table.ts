import type { Option, Question } from '../survey/questionnaire.ts';
import { type AnswerColumn, UNLISTED } from './answer-column.ts';
import type { AnswerTable } from './answer-table.ts';
import { columnLetter, columnLetters } from './column-letters.ts';
import type { Grouping } from './grouping.ts';
import { type NumberSummary, numberSummary } from './number-summary.ts';
import { RespondentMeans, type Share } from './respondent-means.ts';
import { type ChiSquareTest, chiSquareTest, LOW_EXPECTED } from './statistics/chi-square.ts';
import {
  type MeansTest,
  meanDifferenceP,
  shareDifferenceP,
  welchTest,
} from './statistics/group-differences.ts';
import { holmAdjusted } from './statistics/holm.ts';
import type { Interval, SampleMean } from './statistics/intervals.ts';

export interface CrossGroup {
  readonly label: string;
  /** `A` for the first group: what `higherThan` names it by. */
  readonly letter: string;
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
  /**
   * Letters of the groups with a lower share, at 5 % for all pairs of the table together (Holm). Cells with fewer than 5
   * expected are not compared.
   */
  readonly higherThan: readonly string[];
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
  /** Comparison of the groups' means; `null` for questions without numbers. */
  readonly means: CrossMeans | null;
}

export interface CrossMeans {
  /** `null` with fewer than two groups whose answers vary. */
  readonly test: MeansTest | null;
  /** For each group, the letters of those with a lower mean, at 5 % for all pairs together (Holm). */
  readonly higherThan: readonly (readonly string[])[];
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
      letter: columnLetter(group),
      n,
      effectiveN,
      numbers: column.isNumeric ? numbersOf(table, column, groupOf, group) : null,
    };
  });
  const { question, options } = column;
  const means = column.isNumeric ? comparedMeans(groups) : null;
  if (options === null) return { question, groups, rows: null, test: null, means };

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
    return { question, groups, rows: withLetters(rows), test: withoutExpected(test), means };
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
  return { question, groups, rows: withLetters(rows), test: null, means };
}

function withLetters(rows: readonly ComparedRow[]): readonly CrossRow[] {
  const letters = columnLetters(
    rows.map(({ cells }) => cells.map(({ share }) => share)),
    (place, a, b) => {
      const [first, second] = [rows[place]?.cells[a], rows[place]?.cells[b]];
      if (!first || !second || first.isLow || second.isLow || first.size === 0 || second.size === 0)
        return null;
      return shareDifferenceP(first, second);
    },
  );
  return rows.map((row, place) => ({
    ...row,
    cells: row.cells.map(({ size: _, ...cell }, group) => ({
      ...cell,
      higherThan: letters[place]?.[group] ?? [],
    })),
  }));
}

function comparedMeans(groups: readonly CrossGroup[]): CrossMeans {
  const samples = groups.map(
    ({ numbers }): SampleMean => ({
      mean: numbers?.mean ?? Number.NaN,
      standardError: numbers?.standardError ?? Number.NaN,
      n: numbers?.n ?? 0,
    }),
  );
  const [higherThan = []] = columnLetters([samples.map(({ mean }) => mean)], (_, a, b) =>
    meanDifferenceP(samples[a] as SampleMean, samples[b] as SampleMean),
  );
  return { test: welchTest(samples), higherThan };
}

/** A row whose cells are yet to be compared. */
interface ComparedRow extends Omit<CrossRow, 'cells'> {
  readonly cells: readonly (Omit<CrossCell, 'higherThan'> & Pick<Share, 'size'>)[];
}

function row(
  column: AnswerColumn,
  groups: readonly RespondentMeans[],
  option: Option,
  code: number,
  expected: readonly number[] | null,
  test: CrossRow['test'],
): ComparedRow {
  const cells = groups.map((means, group) => {
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
      size: share?.size ?? 0,
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
