import type { Classification, ErrorKind } from '../classify/classification.ts';
import type { Clock } from '../clock/clock.ts';
import type { ThrottleRequest } from '../retry/call-throttle.ts';

/** What a call waits for. */
export type WaitReason =
  /** The provider asked for a wait (`Retry-After`): no call is sent before it has passed. */
  | 'provider-asked'
  /** Requests a minute, set or learned; or the estimated rate. */
  | 'rate'
  /** Tokens a minute, set or learned. */
  | 'tokens'
  /** The maximum number of calls is under way. */
  | 'concurrency'
  /** The provider has failed several times in a row; a probe goes out now and then. */
  | 'outage'
  /** The retry budget is used up: other calls must earn a retry first. */
  | 'retry-budget'
  /** What the account's other processes do is not known: at the beginning, and while their `SharedAccount` is out of reach. */
  | 'shared-account';

/** What delays a call. */
export interface Hold {
  /** Milliseconds until it may be sent. 0: now, Infinity: when a call that is under way has ended. */
  readonly ms: number;
  readonly reason: WaitReason;
  /** The HTTP status of the error that led to it. */
  readonly status?: number | undefined;
}

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
  /** It ended and says nothing about the provider, as after an abort. */
  | { readonly type: 'abandoned'; readonly elapsedMs: number }
  /** No call is sent for `waitMs`. */
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

/** What the next call in the queue waits for. */
export interface ThrottleWait {
  readonly reason: WaitReason;
  /** Milliseconds until the next call may be sent; `undefined` where that depends on a call under way. */
  readonly forMs: number | undefined;
  /** The HTTP status of the error that led to it, for `provider-asked` and `outage`. */
  readonly status: number | undefined;
}

/** When waiting calls fail if none succeeds: the provider is out, or only refuses. */
export interface ThrottleGivingUp {
  /** About how long until then, milliseconds. */
  readonly inMs: number;
  /** HTTP, of the last error; `undefined` where there was no response. */
  readonly status: number | undefined;
}

/** Counts and sums since the throttle was made. */
interface ThrottleCounts {
  /** Sent, the repeated ones too. */
  readonly requests: number;
  readonly succeeded: number;
  /** Too many requests or tokens, an overloaded server, an exhausted quota. */
  readonly refused: number;
  /** Any other error. */
  readonly failed: number;
  /** They ended and say nothing about the provider, as after an abort. */
  readonly abandoned: number;
  /** Requests that repeat an attempt, whatever the failure. */
  readonly retries: number;
  /** As the replies reported. */
  readonly tokens: number;
  /** Milliseconds that calls waited before they were sent, in all. */
  readonly waitedMs: number;
  /** Milliseconds that requests were under way, in all. */
  readonly inFlightMs: number;
}

/** A throttle at one moment. */
export interface ThrottleStats extends ThrottleCounts {
  readonly inFlight: number;
  readonly waiting: number;
  readonly limits: {
    readonly requestsPerMinute: number | undefined;
    readonly tokensPerMinute: number | undefined;
    /** The estimated rate, calls a minute; `undefined` while no unknown limit has refused any. */
    readonly adaptivePerMinute: number | undefined;
  };
  /** `undefined` while no call has to wait. */
  readonly waitingFor: ThrottleWait | undefined;
  /** `undefined` while calls succeed. */
  readonly givesUp: ThrottleGivingUp | undefined;
}

/** Shorter waits are not reported. */
const LONG_WAIT_MS = 1_000;

const REFUSAL_KINDS: ReadonlySet<ErrorKind> = new Set(['rate-limit', 'overloaded', 'quota']);

/** Counts what happens and notifies a listener, once for each wait and each limit. */
export class ThrottleMonitor {
  readonly #clock: Clock;
  readonly #onEvent: ((event: ThrottleEvent) => void) | undefined;
  readonly #counts = {
    requests: 0,
    succeeded: 0,
    refused: 0,
    failed: 0,
    abandoned: 0,
    retries: 0,
    tokens: 0,
    waitedMs: 0,
    inFlightMs: 0,
  };
  #reportedWaitUntil = Number.NEGATIVE_INFINITY;
  #reportedLimits = '';

  constructor(clock: Clock, onEvent: ((event: ThrottleEvent) => void) | undefined) {
    this.#clock = clock;
    this.#onEvent = onEvent;
  }

  get counts(): ThrottleCounts {
    return { ...this.#counts };
  }

  started({ returning = false, group }: ThrottleRequest, waitedMs: number, waitedFor?: WaitReason): void {
    this.#counts.requests += 1;
    this.#counts.waitedMs += waitedMs;
    if (returning) this.#counts.retries += 1;
    // Without a listener, no event object is created.
    if (this.#onEvent === undefined) return;
    this.#emit({ type: 'started', waitedMs, waitedFor, retry: returning, group });
  }

  succeeded(elapsedMs: number, tokens: number | undefined): void {
    this.#counts.succeeded += 1;
    this.#counts.inFlightMs += elapsedMs;
    this.#counts.tokens += tokens ?? 0;
    if (this.#onEvent !== undefined) this.#emit({ type: 'succeeded', elapsedMs, tokens });
  }

  failed(elapsedMs: number, classification: Classification): void {
    const type = REFUSAL_KINDS.has(classification.kind) ? 'refused' : 'failed';
    this.#counts[type] += 1;
    this.#counts.inFlightMs += elapsedMs;
    this.#emit({ type, elapsedMs, classification });
  }

  abandoned(elapsedMs: number): void {
    this.#counts.abandoned += 1;
    this.#counts.inFlightMs += elapsedMs;
    this.#emit({ type: 'abandoned', elapsedMs });
  }

  waiting({ reason, ms, status }: Hold): void {
    const until = this.#clock.monotonic() + ms;
    if (ms < LONG_WAIT_MS || until <= this.#reportedWaitUntil + 1) return;
    this.#reportedWaitUntil = until;
    this.#emit({ type: 'waiting', reason, waitMs: ms, status });
  }

  limits(account: Pick<ThrottleStats, 'limits'>): void {
    if (this.#onEvent === undefined) return;
    const { requestsPerMinute, tokensPerMinute } = account.limits;
    if (requestsPerMinute === undefined && tokensPerMinute === undefined) return;
    const limits = `${requestsPerMinute} ${tokensPerMinute}`;
    if (limits === this.#reportedLimits) return;
    this.#reportedLimits = limits;
    this.#emit({ type: 'limit', requestsPerMinute, tokensPerMinute });
  }

  #emit(event: ThrottleEvent): void {
    try {
      this.#onEvent?.(event);
    } catch {
      // A listener must not be able to stop the calls.
    }
  }
}
