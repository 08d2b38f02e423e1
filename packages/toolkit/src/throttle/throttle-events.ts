import type { Classification } from '../classify/classification.ts';

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
