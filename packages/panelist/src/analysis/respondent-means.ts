import type { AnswerTable } from './answer-table.ts';
import type { WeightedTable } from './statistics/chi-square.ts';
import { effectiveSize } from './statistics/effective-size.ts';
import { type Interval, studentInterval, wilsonInterval } from './statistics/intervals.ts';

export interface Estimate {
  readonly value: number;
  readonly standardError: number | null;
}

type Sample = Pick<AnswerTable, 'interviews' | 'respondents' | 'respondentOf' | 'weights'>;

export interface Share {
  readonly value: number;
  /** 95 %. */
  readonly interval: Interval | null;
  /** Number of independent answers of the same precision. */
  readonly size: number;
}

/**
 * A subset of interviews, weighted so that the unit is the respondent: each respondent's weight is divided evenly among
 * their interviews in the subset. So a replicate adds no respondent, and intervals depend on how respondents differ:
 * linearised, clustered by respondent. Lohr, Sampling: Design and Analysis (2nd ed.), section 9.1.
 */
export class RespondentMeans {
  /** Respondents with at least one of the interviews. */
  readonly n: number;
  /** The interviews. */
  readonly interviews: Int32Array;
  /** The weight of each interview, in the order of `interviews`. */
  readonly weights: Float64Array;
  /** Kish's effective sample size; equals `n` if all weights are equal. */
  readonly effectiveN: number;
  readonly totalWeight: number;
  readonly #table: Sample;

  constructor(table: Sample, isUsed: (interview: number) => boolean) {
    this.#table = table;
    const perRespondent = new Int32Array(table.respondents);
    const used: number[] = [];
    for (let interview = 0; interview < table.interviews; interview++) {
      if (!isUsed(interview)) continue;
      used.push(interview);
      const respondent = table.respondentOf.at(interview);
      perRespondent[respondent] = (perRespondent[respondent] as number) + 1;
    }
    this.interviews = Int32Array.from(used);
    this.weights = new Float64Array(used.length);
    for (const [place, interview] of this.interviews.entries()) {
      const respondent = table.respondentOf.at(interview);
      this.weights[place] = table.weights.at(respondent) / (perRespondent[respondent] as number);
    }
    const ofUsed: number[] = [];
    for (const [respondent, count] of perRespondent.entries()) {
      if (count > 0) ofUsed.push(table.weights.at(respondent));
    }
    this.n = ofUsed.length;
    this.effectiveN = effectiveSize(ofUsed);
    this.totalWeight = ofUsed.reduce((sum, weight) => sum + weight, 0);
  }

  /** The interviews in the cells of a table, without those for which `cellOf` returns `null`. */
  answersIn(
    cellOf: (interview: number) => number | null,
  ): Pick<WeightedTable, 'cells' | 'weights' | 'respondents'> {
    const cells: number[] = [];
    const weights: number[] = [];
    const respondents: number[] = [];
    for (const [place, interview] of this.interviews.entries()) {
      const cell = cellOf(interview);
      if (cell === null) continue;
      cells.push(cell);
      weights.push(this.weights[place] as number);
      respondents.push(this.#table.respondentOf.at(interview));
    }
    return { cells, weights, respondents };
  }

  /** The weighted mean of `numberIn` over the interviews; `null` if there are none. */
  mean(numberIn: (interview: number) => number): Estimate | null {
    if (this.n === 0) return null;
    let sum = 0;
    for (const [place, interview] of this.interviews.entries()) {
      sum += (this.weights[place] as number) * numberIn(interview);
    }
    const first = numberIn(this.interviews[0] as number);
    // Weights that do not add up exactly would leave a trace of variance.
    const isConstant = this.interviews.every((interview) => numberIn(interview) === first);
    const value = isConstant ? first : sum / this.totalWeight;
    if (this.n < 2) return { value, standardError: null };
    if (isConstant) return { value, standardError: 0 };
    const residuals = new Float64Array(this.#table.respondents);
    for (const [place, interview] of this.interviews.entries()) {
      const respondent = this.#table.respondentOf.at(interview);
      residuals[respondent] =
        (residuals[respondent] as number) + (this.weights[place] as number) * (numberIn(interview) - value);
    }
    const squares = residuals.reduce((total, residual) => total + residual * residual, 0);
    const variance = (squares / this.totalWeight ** 2) * (this.n / (this.n - 1));
    return { value, standardError: Math.sqrt(variance) };
  }

  /** Student's interval of a mean, with one degree of freedom less than respondents. */
  meanInterval({ value, standardError }: Estimate): Interval | null {
    return standardError === null ? null : studentInterval(value, standardError, this.n - 1);
  }

  /**
   * The weighted share of the interviews for which `isIn` holds, with Wilson's interval for as many independent answers as
   * have the same precision: the smallest of p(1 − p) / variance, of Kish's effective size times what replicates add, and
   * of the number of interviews. `null` if there are no interviews.
   *
   * The variance alone is not enough: if only a respondent of little weight is in, it is tiny. Franco, Little, Louis & Slud,
   * J. Survey Statistics and Methodology 7 (2019), 334–364, describe how far such intervals miss small shares.
   */
  share(isIn: (interview: number) => boolean): Share | null {
    const mean = this.mean((interview) => (isIn(interview) ? 1 : 0));
    if (mean === null) return null;
    const { value, standardError } = mean;
    const sizes = [this.effectiveN * this.#gainOfReplicates(isIn), this.interviews.length];
    const spread = value * (1 - value);
    // The variance of an unweighted sample is p(1 − p) / (n − 1); then this gives n.
    if (spread > 1e-12 && standardError !== null && standardError > 0)
      sizes.push((spread / standardError ** 2) * (this.n / (this.n - 1)));
    const size = Math.min(...sizes);
    return { value, interval: wilsonInterval(value, size), size };
  }

  /**
   * How many independent answers a respondent's interviews are worth: 1 if all are the same, up to their number. From the
   * respondents' own shares without their weights, since whether a respondent repeats an answer has nothing to do with them.
   */
  #gainOfReplicates(isIn: (interview: number) => boolean): number {
    const replicates = this.interviews.length / this.n;
    if (replicates === 1 || this.n < 2) return 1;
    const held = new Int32Array(this.#table.respondents);
    const chosen = new Int32Array(this.#table.respondents);
    for (const interview of this.interviews) {
      const respondent = this.#table.respondentOf.at(interview);
      held[respondent] = (held[respondent] as number) + 1;
      if (isIn(interview)) chosen[respondent] = (chosen[respondent] as number) + 1;
    }
    let sum = 0;
    let squares = 0;
    for (const [respondent, count] of held.entries()) {
      if (count === 0) continue;
      const own = (chosen[respondent] as number) / count;
      sum += own;
      squares += own * own;
    }
    const share = sum / this.n;
    const spread = share * (1 - share);
    if (spread <= 1e-12) return 1;
    const between = squares / this.n - share * share;
    return between * replicates <= spread ? replicates : spread / between;
  }
}
