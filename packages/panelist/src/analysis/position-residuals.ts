import type { AnswerColumn } from './answer-column.ts';

/** How often the option in one position was chosen, compared with what to expect if position made no difference. */
export interface PositionCount {
  /** Interviews that count: two or more options could move, and one of them was chosen. */
  readonly n: number;
  readonly observed: number;
  /** Expected from the margins: the sum of row total × column total / n. */
  readonly expected: number;
  /** Of `observed`, over all assignments of the displayed orders to the interviews. */
  readonly variance: number;
  /** The excess if every answer depended on position alone. */
  readonly possible: number;
  /** Each interview's contribution to `observed − expected`. */
  readonly residuals: ReadonlyMap<number, number>;
}

/**
 * Counts within strata of interviews that displayed the same options: which options are displayed can depend on the
 * respondent, and only their order is random. Expectation and variance are those of a sum a(i, π(i)) under a random
 * permutation π: Hoeffding, "A combinatorial central limit theorem", Ann. Math. Statist. 22 (1951). So the result is
 * valid for any set of drawn orders (all, or only forwards and backwards) and for correlated answers of one respondent.
 */
export function countPosition(column: AnswerColumn, position: 'first' | 'last'): PositionCount {
  const sum = {
    n: 0,
    observed: 0,
    expected: 0,
    variance: 0,
    possible: 0,
    residuals: new Map<number, number>(),
  };
  for (const stratum of strata(column, position)) {
    const n = stratum.length;
    const endCounts = new Map<number, number>();
    const chosen = new Map<number, number>();
    for (const { end, choices } of stratum) {
      endCounts.set(end, (endCounts.get(end) ?? 0) + 1);
      for (const choice of choices) chosen.set(choice, (chosen.get(choice) ?? 0) + 1);
    }
    if (endCounts.size < 2) continue;
    let expected = 0;
    let sameTwice = 0;
    for (const [option, times] of endCounts) {
      expected += ((chosen.get(option) ?? 0) * times) / n;
      sameTwice += (times / n) ** 2;
    }
    let squares = 0;
    for (const { interview, end, choices } of stratum) {
      const ofRow = choices.reduce((total, choice) => total + (endCounts.get(choice) ?? 0), 0) / n;
      const centred = (option: number): number =>
        (choices.includes(option) ? 1 : 0) - ofRow - (chosen.get(option) ?? 0) / n + expected / n;
      for (const [option, times] of endCounts) squares += times * centred(option) ** 2;
      sum.residuals.set(interview, centred(end));
      if (choices.includes(end)) sum.observed += 1;
    }
    sum.n += n;
    sum.expected += expected;
    sum.variance += squares / (n - 1);
    sum.possible += n * (1 - sameTwice);
  }
  return sum;
}

interface Row {
  readonly interview: number;
  /** The option in the position. */
  readonly end: number;
  /** The chosen options among those that can move. */
  readonly choices: readonly number[];
}

function strata(column: AnswerColumn, position: 'first' | 'last'): Iterable<readonly Row[]> {
  const bySet = new Map<number, Row[]>();
  for (let interview = 0; interview < column.length; interview++) {
    const ends = column.shownEnds(interview);
    if (ends === null || !column.hasValue(interview)) continue;
    const answered = column.chosen(interview);
    // A ranking counts by its highest option.
    const counted = column.answerForm === 'ranked-options' ? answered.slice(0, 1) : answered;
    const choices = counted.filter((code) => column.options?.[code]?.role === 'plain');
    if (choices.length === 0) continue;
    const rows = bySet.get(ends.set) ?? [];
    rows.push({ interview, end: ends[position], choices });
    bySet.set(ends.set, rows);
  }
  return bySet.values();
}
