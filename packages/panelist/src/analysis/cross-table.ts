import type { Option, Question } from '../survey/questionnaire.ts';
import type { AnswerColumn } from './answer-column.ts';
import type { AnswerTable } from './answer-table.ts';
import type { Grouping } from './grouping.ts';
import { type NumberSummary, numberSummary } from './number-summary.ts';
import { RespondentMeans } from './respondent-means.ts';
import { type ChiSquareTest, chiSquareTest } from './statistics/chi-square.ts';
import { holmAdjusted } from './statistics/holm.ts';
import type { Interval } from './statistics/intervals.ts';

export interface CrossGroup {
  readonly label: string;
  /** Respondents of the group who answered the question. */
  readonly n: number;
  readonly effectiveN: number;
  /** Of numbers and numeric scales; `null` for others. Without its single values. */
  readonly numbers: Omit<NumberSummary, 'values'> | null;
}

export interface CrossCell {
  /** Interviews. */
  readonly count: number;
  /** Of the group's respondents, weighted. */
  readonly share: number;
  /** 95 %: "model sampling error only". */
  readonly interval: Interval | null;
  /** How many were expected were there no association, of `effectiveN` in all; `null` without a test. */
  readonly expected: number | null;
  /** Fewer than 5 were. */
  readonly isLow: boolean;
}

export interface CrossRow {
  readonly option: Option;
  /** In the groups' order. */
  readonly cells: readonly CrossCell[];
  /** Where several can be chosen, of this option against not choosing it; p is adjusted by Holm. Else `null`. */
  readonly test: Omit<ChiSquareTest, 'expected'> | null;
}

export interface CrossTable {
  readonly question: Question;
  readonly groups: readonly CrossGroup[];
  /** `null` where there is nothing to choose: then only means are compared. */
  readonly rows: readonly CrossRow[] | null;
  /** `null` where several can be chosen, where there is nothing to choose, and with fewer than two rows or columns. */
  readonly test: Omit<ChiSquareTest, 'expected'> | null;
}

/** Each question but free texts and the one that makes the groups, by group. Rankings count by what is ranked first. */
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

  // Of one respondent, replicates may stand in several groups; each interview then counts by its part.
  const all = new RespondentMeans(
    table,
    (interview) => groupOf(interview) >= 0 && column.hasValue(interview),
  );
  const counted = scaledCounts(all, column, groupOf, labels.length);
  if (column.answerForm !== 'options') {
    const test = chiSquareTest(counted.chosen);
    const rows = options.map((option, code) =>
      row(column, ofGroups, option, code, test?.expected[code] ?? null, null),
    );
    return { question, groups, rows, test: withoutExpected(test) };
  }
  const tests = counted.chosen.map((chosen) =>
    chiSquareTest([chosen, counted.groups.map((size, group) => size - (chosen[group] ?? 0))]),
  );
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
    const share = means.mean((interview) => (column.isChosen(interview, code) ? 1 : 0));
    const expectation = expected?.[group] ?? null;
    return {
      count,
      share: share?.value ?? 0,
      interval: share && means.shareInterval(share),
      expected: expectation,
      isLow: expectation !== null && expectation > 0 && expectation < 5,
    };
  });
  return { option, cells, test };
}

/** Weighted counts, by option and group, of as many respondents as are worth their weight. */
function scaledCounts(
  all: RespondentMeans,
  column: AnswerColumn,
  groupOf: (interview: number) => number,
  groupCount: number,
): { chosen: number[][]; groups: number[] } {
  const groups = new Array<number>(groupCount).fill(0);
  const chosen = (column.options ?? []).map(() => new Array<number>(groupCount).fill(0));
  const scale = all.totalWeight === 0 ? 0 : all.effectiveN / all.totalWeight;
  for (const [place, interview] of all.interviews.entries()) {
    const group = groupOf(interview);
    const weight = (all.weights[place] as number) * scale;
    groups[group] = (groups[group] as number) + weight;
    for (const [code, counts] of chosen.entries()) {
      if (column.isChosen(interview, code)) counts[group] = (counts[group] as number) + weight;
    }
  }
  return { chosen, groups };
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
