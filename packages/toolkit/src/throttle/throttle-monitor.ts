import type { Classification } from '../classify/classification.ts';
import type { Clock } from '../clock/clock.ts';

/** What a call waits for. */
export type WaitReason =
  /** The provider has told a wait: nobody sends before it has passed. */
  | 'provider-asked'
  /** Requests a minute, given or learned; or the rate that is being felt out. */
  | 'rate'
  /** Tokens a minute, given or learned. */
  | 'tokens'
  /** As many calls are under way as may be. */
  | 'concurrency'
  /** The provider has failed several times in a row; a probe goes out now and then. */
  | 'outage'
  /** A call that failed may be repeated only when others have earned it. */
  | 'retry-budget';

/** What happens at a throttle, as it happens. Times are milliseconds. */
export type ThrottleEvent =
  /** A request may be sent now. */
  | {
      readonly type: 'started';
      readonly waitedMs: number;
      /** What it waited for last; `undefined` if it did not wait. */
      readonly waitedFor: WaitReason | undefined;
      /** Whether it repeats an attempt. */
      readonly retry: boolean;
      readonly group: string | undefined;
    }
  | { readonly type: 'succeeded'; readonly elapsedMs: number; readonly tokens: number | undefined }
  /** Too many requests or tokens, an overloaded server, an exhausted quota. */
  | { readonly type: 'refused'; readonly elapsedMs: number; readonly classification: Classification }
  /** Any other error. */
  | { readonly type: 'failed'; readonly elapsedMs: number; readonly classification: Classification }
  /** Ended without a verdict, as after an abort. */
  | { readonly type: 'released'; readonly elapsedMs: number }
  /** Nobody sends for `waitMs`. */
  | {
      readonly type: 'waiting';
      readonly reason: WaitReason;
      readonly waitMs: number;
      /** The HTTP status of the error that led to it. */
      readonly status: number | undefined;
    }
  /** A limit was learned or has changed. */
  | {
      readonly type: 'limit';
      readonly requestsPerMinute: number | undefined;
      readonly tokensPerMinute: number | undefined;
    };

/** What those at the head of the line wait for. */
export interface ThrottleWait {
  readonly reason: WaitReason;
  /** Milliseconds until the next call may be sent; `undefined` where that hangs on a call under way. */
  readonly forMs: number | undefined;
  /** The HTTP status of the error that led to it, for `provider-asked` and `outage`. */
  readonly status: number | undefined;
}

/** When calls are given up if none succeeds: the provider is out, or has refused several and answered none since. */
export interface ThrottleGivingUp {
  /** About how long until then, milliseconds. */
  readonly inMs: number;
  /** HTTP, of the last error; `undefined` where there was no response. */
  readonly status: number | undefined;
}

/** A throttle at one moment. Counts are since it was made. */
export interface ThrottleStats {
  /** Sent, the repeated ones too. */
  readonly requests: number;
  readonly succeeded: number;
  /** Too many requests or tokens, an overloaded server, an exhausted quota. */
  readonly refused: number;
  /** Any other error. */
  readonly failed: number;
  /** Ended without a verdict, as after an abort. */
  readonly released: number;
  /** Requests that repeat an attempt, whatever it failed of. */
  readonly retries: number;
  /** As the replies told. */
  readonly tokens: number;
  /** Milliseconds that the calls that were sent had waited here, summed over them. */
  readonly waitedMs: number;
  /** Milliseconds that requests were under way, summed over them. */
  readonly inFlightMs: number;
  readonly inFlight: number;
  readonly waiting: number;
  readonly limits: {
    readonly requestsPerMinute: number | undefined;
    readonly tokensPerMinute: number | undefined;
    /** Calls a minute that were felt out; `undefined` while nothing untold has limited them. */
    readonly adaptivePerMinute: number | undefined;
  };
  /** `undefined` while nobody has to wait. */
  readonly waitingFor: ThrottleWait | undefined;
  /** `undefined` while calls succeed. */
  readonly givesUp: ThrottleGivingUp | undefined;
}

/** A wait worth telling of. */
const LONG_WAIT_MS = 1_000;

/** Tells a listener what happens, each wait and each limit once. */
export class ThrottleMonitor {
  readonly #clock: Clock;
  readonly #onEvent: ((event: ThrottleEvent) => void) | undefined;
  #waitToldUntil = Number.NEGATIVE_INFINITY;
  #limitsTold = '';

  constructor(clock: Clock, onEvent: ((event: ThrottleEvent) => void) | undefined) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  /** Whether anybody listens: an event that nobody hears need not be made. */
  get hasListener(): boolean {
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
