/** One call in so many weighs in the means. */
const MEAN_OVER = 50;
/** As in RFC 6298, for the same reason: what is too little costs a refusal, what is too much only a moment. */
const DEVIATIONS = 4;

/**
 * What calls take, by what was estimated: a straight line through the last calls, so that it learns a reply that is
 * added to each prompt as well as a tokeniser that counts twice as many, and what calls take where nothing is
 * estimated. A multiple of how far the calls were from the line is reserved too, as in a network's retransmission
 * timer: half of the calls take more than the line says, and what was reserved too much comes back with the reply.
 */
export class TokenEstimate {
  #count = 0;
  #estimated = 0;
  #used = 0;
  #variance = 0;
  #covariance = 0;
  #deviation = 0;

  /** How many tokens to reserve. */
  reserve(estimate: number): number {
    return Math.max(0, this.#line(estimate) + DEVIATIONS * this.#deviation);
  }

  settle(estimate: number, used: number): void {
    if (this.#count > 0) {
      const off = Math.abs(used - this.#line(estimate));
      this.#deviation += (off - this.#deviation) / Math.min(this.#count, MEAN_OVER);
    }
    this.#count += 1;
    const share = 1 / Math.min(this.#count, MEAN_OVER);
    const moreEstimated = estimate - this.#estimated;
    const moreUsed = used - this.#used;
    this.#estimated += moreEstimated * share;
    this.#used += moreUsed * share;
    // Welford's recurrences, with forgetting.
    this.#variance = (1 - share) * (this.#variance + share * moreEstimated ** 2);
    this.#covariance = (1 - share) * (this.#covariance + share * moreEstimated * moreUsed);
  }

  #line(estimate: number): number {
    if (this.#count === 0) return estimate;
    const slope = this.#variance > 0 ? Math.max(0, this.#covariance / this.#variance) : 1;
    return this.#used + slope * (estimate - this.#estimated);
  }
}
