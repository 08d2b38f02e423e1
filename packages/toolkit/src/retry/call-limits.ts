import type { Clock } from '../clock/clock.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import type { AttemptLog } from './attempts.ts';

export interface CallLimitsOptions {
  readonly clock: Clock;
  readonly callersSignal: AbortSignal;
  readonly deadlineMs: number | undefined;
  /** Of the same call: for what its errors say and carry. */
  readonly log: AttemptLog;
}

/** When a whole call ends, in whatever state: with the caller's signal, and at its deadline. */
export class CallLimits {
  /** Follows the caller's signal, and aborts at the deadline with `DEADLINE_EXCEEDED`. */
  readonly signal: AbortSignal;
  /** Must be called when the call has ended: takes the timer and the listener off. */
  readonly close: () => void;
  readonly #clock: Clock;
  readonly #deadlineMs: number | undefined;
  readonly #deadlineAt: number;
  readonly #log: AttemptLog;

  constructor({ clock, callersSignal, deadlineMs, log }: CallLimitsOptions) {
    this.#clock = clock;
    this.#deadlineMs = deadlineMs;
    this.#log = log;
    if (deadlineMs === undefined) {
      this.signal = callersSignal;
      this.#deadlineAt = Number.POSITIVE_INFINITY;
      this.close = () => {};
      return;
    }
    const controller = new AbortController();
    this.signal = controller.signal;
    this.#deadlineAt = clock.monotonic() + deadlineMs;
    const onAbort = (): void => controller.abort(callersSignal.reason);
    if (callersSignal.aborted) onAbort();
    callersSignal.addEventListener('abort', onAbort, { once: true });
    const onDeadline = (): void => {
      const why = `attempt ${log.failures + 1} was still waiting or running`;
      controller.abort(this.error('DEADLINE_EXCEEDED', why));
    };
    const cancelTimer = clock.setTimer(onDeadline, deadlineMs);
    this.close = () => {
      cancelTimer();
      callersSignal.removeEventListener('abort', onAbort);
    };
  }

  /** Whole milliseconds until the deadline; Infinity where there is none. */
  get leftMs(): number {
    return Math.max(0, Math.round(this.#deadlineAt - this.#clock.monotonic()));
  }

  /** Carries the call's attempts, and the last error as its cause. */
  error(code: 'DEADLINE_EXCEEDED' | 'SERVER_WAIT_EXCEEDED', why: string): ToolkitError {
    const message =
      code === 'DEADLINE_EXCEEDED'
        ? `The call did not succeed within its deadlineMs of ${this.#deadlineMs}: ${why}. See the cause, or allow more time.`
        : `${why} Try again later, ask for less at once, or allow more.`;
    return this.#log.attachTo(new ToolkitError(code, message, { cause: this.#log.lastError }));
  }
}
