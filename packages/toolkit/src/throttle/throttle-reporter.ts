import type { Clock } from '../clock/clock.ts';
import type { ThrottleEvent, WaitReason } from './throttle-events.ts';

/** A wait worth telling of. */
const LONG_WAIT_MS = 1_000;

/** Tells a listener what happens, each wait and each limit once. */
export class ThrottleReporter {
  readonly #clock: Clock;
  readonly #onEvent: ((event: ThrottleEvent) => void) | undefined;
  #waitToldUntil = Number.NEGATIVE_INFINITY;
  #limitsTold = '';

  constructor(clock: Clock, onEvent: ((event: ThrottleEvent) => void) | undefined) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  /** Whether anybody listens: an event that nobody hears need not be made. */
  get isHeard(): boolean {
    return this.#onEvent !== undefined;
  }

  tell(event: ThrottleEvent): void {
    try {
      this.#onEvent?.(event);
    } catch {
      // Whoever listens must not be able to stop the calls.
    }
  }

  waiting(reason: WaitReason, waitMs: number, status: number | undefined): void {
    const until = this.#clock.monotonic() + waitMs;
    if (waitMs < LONG_WAIT_MS || until <= this.#waitToldUntil + 1) return;
    this.#waitToldUntil = until;
    this.tell({ type: 'waiting', reason, waitMs, status });
  }

  limits(requestsPerMinute: number | undefined, tokensPerMinute: number | undefined): void {
    if (requestsPerMinute === undefined && tokensPerMinute === undefined) return;
    const told = `${requestsPerMinute} ${tokensPerMinute}`;
    if (told === this.#limitsTold) return;
    this.#limitsTold = told;
    this.tell({ type: 'limit', requestsPerMinute, tokensPerMinute });
  }
}
