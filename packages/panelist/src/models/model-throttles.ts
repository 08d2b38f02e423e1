import { classify, ErrorHandler, Throttle, type ThrottleStats, type WaitReason } from '@panelist/toolkit';
import { isOutOfFiles } from './model-call-error.ts';
import { throttleTelemetry } from './telemetry.ts';

/** A model that has not answered by then is asked again; sooner where it usually answers much faster. */
const MODEL_TIMEOUT_MS = 120_000;
const LEAST_TIMEOUT_MS = 30_000;
/** A provider that was never reached is more likely misspelled than out. */
const MAX_FIRST_OUTAGE_MS = 10_000;

export interface ModelThrottlesOptions {
  /** What the account allows of each model. @default learned from the provider's responses */
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** The most requests under way at once, of each model. */
  readonly maxConcurrency: number;
}

export interface ModelWait {
  /** `refused`: each call backs off by itself from a provider that refuses them all. */
  readonly reason: WaitReason | 'refused';
  readonly forMs: number | undefined;
  readonly status: number | undefined;
  /** About how long until calls are given up; `undefined` while some succeed. */
  readonly givesUpInMs: number | undefined;
}

function modelWait({ waitingFor, givesUp }: ThrottleStats): ModelWait | undefined {
  if (waitingFor === undefined && givesUp === undefined) return undefined;
  const { reason = 'refused', forMs, status = givesUp?.status } = waitingFor ?? {};
  return { reason, forMs, status, givesUpInMs: givesUp?.inMs };
}

interface Throttled {
  readonly throttle: Throttle;
  readonly errorHandler: ErrorHandler;
}

/** One throttle, and one handler that retries through it, for each account and model of this process. */
export class ModelThrottles {
  readonly #options: ModelThrottlesOptions;
  readonly #byAccount = new Map<string, Throttled>();

  constructor(options: ModelThrottlesOptions) {
    this.#options = options;
  }

  /** @param account what its calls share their limits by: provider, account and model */
  errorHandler(account: string, modelId: string): ErrorHandler {
    let throttled = this.#byAccount.get(account);
    if (throttled === undefined) {
      const throttle = new Throttle({
        ...this.#options,
        maxFirstOutageMs: MAX_FIRST_OUTAGE_MS,
        onEvent: throttleTelemetry(modelId),
      });
      const errorHandler = new ErrorHandler({
        throttle,
        jitter: true,
        // More of the same would only keep the calls under way from ending.
        retryOn: (error) => !isOutOfFiles(error) && classify(error).verdict === 'retry',
        attemptTimeoutMs: MODEL_TIMEOUT_MS,
        minAttemptTimeoutMs: LEAST_TIMEOUT_MS,
      });
      throttled = { throttle, errorHandler };
      this.#byAccount.set(account, throttled);
    }
    return throttled.errorHandler;
  }

  /** What calls to an account wait for now; `undefined` where none does. */
  waitingFor(account: string): ModelWait | undefined {
    const throttled = this.#byAccount.get(account);
    return throttled && modelWait(throttled.throttle.stats);
  }
}
