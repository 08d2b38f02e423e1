import type { WaitReason } from './throttle-events.ts';

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
