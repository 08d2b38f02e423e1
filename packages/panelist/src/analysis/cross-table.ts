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
import { type Adjusted, adjustTogether } from './statistics/holm.ts';
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

/** Its `adjustedP` is adjusted by Holm's method for the tests of all cross-tables by the same groups. */
export type CrossTest = Adjusted<Omit<ChiSquareTest, 'expected'>>;

export interface CrossRow {
  readonly option: Option;
  /** One for each group, in the groups' order. */
  readonly cells: readonly CrossCell[];
  /** For multiple choices: this option chosen or not. Otherwise `null`. */
  readonly test: CrossTest | null;
}

export interface CrossTable {
  readonly question: Question;
  readonly groups: readonly CrossGroup[];
  /** `null` if the question has no options; then only means are compared. */
  readonly rows: readonly CrossRow[] | null;
  /** `null` for multiple choices, for questions without options, and with fewer than two rows or columns. */
  readonly test: CrossTest | null;
  /** Comparison of the groups' means; `null` for questions without numbers. */
  readonly means: CrossMeans | null;
}

export interface CrossMeans {
  /** `null` with fewer than two groups whose answers vary. */
  readonly test: Adjusted<MeansTest> | null;
  /** For each group, the letters of those with a lower mean, at 5 % for all pairs together (Holm). */
  readonly higherThan: readonly (readonly string[])[];
}

/** Tabulates each question by group, except free texts and the grouping question. Rankings count by their first option. */
export function crossTables(table: AnswerTable, grouping: Grouping): CrossTable[] {
  const tables = table.columns
    .filter(({ question, answerForm }) => answerForm !== 'text' && question.name !== grouping.question)
    .map((column) => crossTable(table, grouping, column));
  const adjusted = adjustTogether(
    tables.flatMap(testsOf).map((test) => (test === null ? null : { p: test.p })),
  ).values();
  const next = <Test extends { readonly p: number }>(test: Test | null): Adjusted<Test> | null => {
    const adjustedP = adjusted.next().value?.adjustedP;
    return test && adjustedP !== undefined ? { ...test, adjustedP } : null;
  };
  // In the order of `testsOf`.
  return tables.map((each) => {
    const test = next(each.test);
    const means = each.means && { ...each.means, test: next(each.means.test) };
    const rows = each.rows?.map((row) => ({ ...row, test: next(row.test) })) ?? null;
    return { ...each, test, means, rows };
  });
}

/** All tests of a table, in the order in which they are adjusted; `null` for those that were not possible. */
export function testsOf({
  test,
  means,
  rows,
}: Pick<RawTable, 'test' | 'means' | 'rows'>): readonly ({ readonly p: number } | null)[] {
  return [test, ...(means ? [means.test] : []), ...(rows ?? []).map((row) => row.test)];
}

type RawTest = Omit<ChiSquareTest, 'expected'> | null;
type RawRow = Omit<CrossRow, 'test'> & { readonly test: RawTest };
type RawTable = Omit<CrossTable, 'rows' | 'test' | 'means'> & {
  readonly rows: readonly RawRow[] | null;
  readonly test: RawTest;
  readonly means: (Omit<CrossMeans, 'test'> & { readonly test: MeansTest | null }) | null;
};

function crossTable(table: AnswerTable, { labels, groupOf }: Grouping, column: AnswerColumn): RawTable {
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
  const rows = options.map((option, code) => {
    const test = tests[code] ?? null;
    return row(column, ofGroups, option, code, test?.expected[0] ?? null, withoutExpected(test));
  });
  return { question, groups, rows: withLetters(rows), test: null, means };
}

function withLetters(rows: readonly ComparedRow[]): readonly RawRow[] {
  const letters = columnLetters(
    rows.map(({ cells }) => cells.map(({ share }) => share)),
    (place, a, b) => {
      const [first, second] = [rows[place]?.cells[a], rows[place]?.cells[b]];
      if (!first || !second || first.expected === null || second.expected === null) return null;
      if (first.isLow || second.isLow || first.size === 0 || second.size === 0) return null;
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

function comparedMeans(groups: readonly CrossGroup[]): NonNullable<RawTable['means']> {
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
interface ComparedRow extends Omit<RawRow, 'cells'> {
  readonly cells: readonly (Omit<CrossCell, 'higherThan'> & Pick<Share, 'size'>)[];
}

function row(
  column: AnswerColumn,
  groups: readonly RespondentMeans[],
  option: Option,
  code: number,
  expected: readonly number[] | null,
  test: RawTest,
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

function withoutExpected(test: ChiSquareTest | null): RawTest {
  if (test === null) return null;
  const { expected: _, ...rest } = test;
  return rest;
}
