/** What a throttle needs to know about a call before it begins. */
export interface ThrottleRequest {
  /** How many tokens it is expected to take, request and reply together. @default what calls have taken so far */
  readonly tokens?: number | undefined;
  /** The higher always goes first: for calls that a person waits for. @default 0 */
  readonly priority?: number | undefined;
  /** Calls of one group wait for each other; groups take turns. @default one group for all that name none */
  readonly group?: string | undefined;
  /** Ends the wait at once, with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** It was begun before and has waited out its back-off: it returns to the front of its group. @default false */
  readonly returning?: boolean | undefined;
  /**
   * It repeats a call that failed, so that it must be earned first (`RetryBudget`). Not for one that was refused for
   * the rate. @default false
   */
  readonly retry?: boolean | undefined;
  /** The same object for every attempt of one call, so that a call that fails alone is known. @default none */
  readonly call?: object | undefined;
  /** It does not wait for a server that asks for a longer wait than this, milliseconds. @default Infinity */
  readonly maxServerWaitMs?: number | undefined;
}

/** What came back with a reply. */
export interface CallReport {
  /** The response's headers: a `Headers`, or a plain object. */
  readonly headers?: unknown;
  /** The tokens that the call took, request and reply together. */
  readonly tokens?: number | undefined;
}

/** One request that may be sent now. It is settled once; what comes after changes nothing. */
export interface CallPermit {
  /** Whether the call was let through to find out if the provider is back: its failure isn't its own fault. */
  readonly isProbe: boolean;
  succeeded(report?: CallReport): void;
  /** For any error: a refusal, a broken connection, a bug. */
  failed(error: unknown, report?: CallReport): void;
  /** It ended and says nothing about the provider, as after an abort. */
  abandoned(): void;
}

/**
 * A throttle may keep calls waiting for up to this share longer than the server asked, so that processes that were
 * given the same wait don't all return at once. An `ErrorHandler` doesn't count it against `maxServerWaitMs`.
 */
export const COOLDOWN_JITTER = 0.02;

/** What an `ErrorHandler` asks before each attempt. `Throttle` is one. */
export interface CallThrottle {
  /** The permit, or `undefined` where the call would have to wait. */
  tryAcquire(request?: ThrottleRequest): CallPermit | undefined;
  acquire(request?: ThrottleRequest): Promise<CallPermit>;
  /** How long successful calls have taken lately, of all but the slowest; `undefined` while there are too few. */
  latencyMs?(quantile: number): number | undefined;
}
