import type { AnswerColumn } from './answer-column.ts';

/** How often what stood in one place was chosen, against how often it would be if places made no difference. */
export interface PositionCount {
  /** Interviews that can tell: two or more options could change places, and one of those was chosen. */
  readonly n: number;
  readonly observed: number;
  /** Given who chose what and what stood where: sums of row total × column total / n. */
  readonly expected: number;
  /** Of `observed`, over all ways to give the orders that were shown to those who answered. */
  readonly variance: number;
  /** What the excess would be if every answer followed the place alone. */
  readonly possible: number;
  /** By interview, what it adds to `observed − expected`. */
  readonly residuals: ReadonlyMap<number, number>;
}

/**
 * Counts over strata of interviews that were shown the same options, since which are shown may hang on who is asked,
 * and only their order is drawn. Expectation and variance are those of a sum a(i, π(i)) under a random permutation π:
 * Hoeffding, "A combinatorial central limit theorem", Ann. Math. Statist. 22 (1951). So it is right whatever orders
 * were drawn, all or only forwards and backwards, and however alike one respondent's answers are.
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
    const shown = new Map<number, number>();
    const chosen = new Map<number, number>();
    for (const { end, choices } of stratum) {
      shown.set(end, (shown.get(end) ?? 0) + 1);
      for (const choice of choices) chosen.set(choice, (chosen.get(choice) ?? 0) + 1);
    }
    if (shown.size < 2) continue;
    let expected = 0;
    let sameTwice = 0;
    for (const [option, times] of shown) {
      expected += ((chosen.get(option) ?? 0) * times) / n;
      sameTwice += (times / n) ** 2;
    }
    let squares = 0;
    for (const { interview, end, choices } of stratum) {
      const ofRow = choices.reduce((total, choice) => total + (shown.get(choice) ?? 0), 0) / n;
      const centred = (option: number): number =>
        (choices.includes(option) ? 1 : 0) - ofRow - (chosen.get(option) ?? 0) / n + expected / n;
      for (const [option, times] of shown) squares += times * centred(option) ** 2;
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
  /** What stood in the place. */
  readonly end: number;
  /** Of the options that can change places. */
  readonly choices: readonly number[];
}

function strata(column: AnswerColumn, position: 'first' | 'last'): Iterable<readonly Row[]> {
  const bySet = new Map<number, Row[]>();
  for (let interview = 0; interview < column.length; interview++) {
    const ends = column.shownEnds(interview);
    if (ends === null || !column.hasValue(interview)) continue;
    const answered = column.chosen(interview);
    // Of a ranking, what was put highest.
    const counted = column.answerForm === 'ranked-options' ? answered.slice(0, 1) : answered;
    const choices = counted.filter((code) => column.options?.[code]?.role === 'plain');
    if (choices.length === 0) continue;
    const rows = bySet.get(ends.set) ?? [];
    rows.push({ interview, end: ends[position], choices });
    bySet.set(ends.set, rows);
  }
  return bySet.values();
}
