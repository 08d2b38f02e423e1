const UNKNOWN_FOR = 20;
/** By so much, of a request and of the error, must the reply predict better in the mean. */
const CLEARLY = 0.2;

/** A value that was told, and what our own account (come back less sent) said of the moment it is taken to mean. */
interface Told {
  readonly remaining: number;
  readonly account: number;
}

/**
 * Finds out of which moment a provider's `remaining` tells: when it let the request in, or when its reply left. The
 * difference between two told values should be the difference of our own account between the two moments; whichever
 * moments predict it better are meant.
 */
export class HeaderTiming {
  #lastAdmission: Told | undefined;
  #lastReply: Told | undefined;
  #admissionError = 0;
  #replyError = 0;
  #told = 0;

  /** `unknown` for the first values, while both may be meant. */
  get meaning(): 'admission' | 'reply' | 'unknown' {
    if (this.#told < UNKNOWN_FOR) return 'unknown';
    const better = this.#admissionError - this.#replyError;
    return better > this.#told * CLEARLY && better > this.#admissionError * CLEARLY ? 'reply' : 'admission';
  }

  /** @param atAdmission the account when the request was sent; @param atReply when its response has come */
  observe(remaining: number, atAdmission: number, atReply: number): void {
    this.#told += 1;
    const admission = { remaining, account: atAdmission };
    const reply = { remaining, account: atReply };
    if (this.#lastAdmission !== undefined && this.#lastReply !== undefined) {
      this.#admissionError += error(this.#lastAdmission, admission);
      this.#replyError += error(this.#lastReply, reply);
    }
    this.#lastAdmission = admission;
    this.#lastReply = reply;
  }
}

function error(from: Told, to: Told): number {
  return Math.abs(to.remaining - from.remaining - (to.account - from.account));
}
