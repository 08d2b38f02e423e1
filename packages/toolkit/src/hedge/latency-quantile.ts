import { checkCount, checkMs, checkOption } from '../options/check.ts';

/** The fewest durations that are taken to say something of the next. */
const MIN_SAMPLES = 20;

/**
 * Quantiles of the last durations that were recorded, exact over a ring of them: record how long each successful call
 * took from its own beginning, and use `() => latencies.value(0.95)` as `afterMs`, which hedges one call in twenty.
 */
export class LatencyQuantile {
  readonly #ring: Float64Array;
  #recorded = 0;
  #sorted: Float64Array | undefined;

  /** @throws ToolkitError `INVALID_OPTION` */
  constructor({
    samples = 200,
  }: {
    /** How many durations are stored, at least 20. @default 200 */
    readonly samples?: number | undefined;
  } = {}) {
    this.#ring = new Float64Array(checkCount('samples', samples, { from: MIN_SAMPLES }));
  }

  /**
   * Adds a duration, milliseconds, in place of the oldest.
   * @throws ToolkitError `INVALID_OPTION` where it is not a finite number from 0
   */
  record(durationMs: number): void {
    checkMs('durationMs', durationMs, { from: 0 });
    this.#ring[this.#recorded % this.#ring.length] = durationMs;
    this.#recorded += 1;
    this.#sorted = undefined;
  }

  /**
   * The smallest stored duration that at least `quantile` of them do not exceed, milliseconds; `undefined` while there
   * are fewer than 20.
   * @throws ToolkitError `INVALID_OPTION` where `quantile` is not between 0 and 1
   */
  value(quantile: number): number | undefined {
    checkOption(quantile >= 0 && quantile <= 1, 'quantile must be a number from 0 to 1', quantile);
    const count = Math.min(this.#recorded, this.#ring.length);
    if (count < MIN_SAMPLES) return undefined;
    this.#sorted ??= this.#ring.slice(0, count).sort();
    return this.#sorted[Math.max(0, Math.ceil(quantile * count) - 1)];
  }
}
