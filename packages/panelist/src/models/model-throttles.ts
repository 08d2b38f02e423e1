import {
  classify,
  ErrorHandler,
  type SharedAccount,
  Throttle,
  type ThrottleEvent,
  type ThrottleStats,
  type WaitReason,
} from '@panelist/toolkit';
import type { OpenedModel } from './chat-model.ts';
import { isOutOfFiles } from './model-call-error.ts';
import { throttleTelemetry } from './telemetry/throttle-telemetry.ts';

/** An attempt without a reply by then times out; sooner if the model usually replies much faster. */
const MODEL_TIMEOUT_MS = 120_000;
const LEAST_TIMEOUT_MS = 30_000;
/** An address that was never reached is more likely misspelt than down. */
const MAX_FIRST_OUTAGE_MS = 10_000;

/** What one run sets for the account that its calls go to. */
export interface AccountLimits {
  /** What the account allows of the model. @default learned from the provider's responses */
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** The most requests of the run in flight at once. */
  readonly maxConcurrency: number;
}

export interface ModelWait {
  /** `refused`: each call backs off by itself from a provider that refuses them all. */
  readonly reason: WaitReason | 'refused';
  readonly forMs: number | undefined;
  readonly status: number | undefined;
  /** About how long until waiting calls fail; `undefined` while some succeed. */
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
  /** By the key of each run that uses the account. */
  readonly limits: Map<string, AccountLimits>;
}

/** Whose limits a model's calls are held to. */
type Account = Pick<OpenedModel, 'account' | 'isLocal'>;

export interface ModelThrottlesOptions {
  /** What other processes share of an account, by its key. @default this process is the only one */
  readonly accounts?: { account(key: string): SharedAccount } | undefined;
  /** Called with the events of each model's throttle. @default nothing */
  readonly onEvent?: ((modelId: string, event: ThrottleEvent) => void) | undefined;
}

/** One throttle, and one handler that retries through it, for each account and model of this process. */
export class ModelThrottles {
  readonly #accounts: ModelThrottlesOptions['accounts'];
  readonly #byAccount = new Map<string, Throttled>();
  readonly #onEvent: ModelThrottlesOptions['onEvent'];

  constructor({ accounts, onEvent }: ModelThrottlesOptions = {}) {
    this.#accounts = accounts;
    this.#onEvent = onEvent;
  }

  errorHandler(account: Account, modelId: string): ErrorHandler {
    return this.#throttled(account, modelId).errorHandler;
  }

  /**
   * Sets what a run says of an account. Of all runs on the account the tightest rate holds, since it is the account's;
   * what each may have under way at once adds up. A run that begins, or goes on, forgets an exhausted quota: the account may
   * have been topped up.
   */
  setLimits(account: Account, modelId: string, runKey: string, limits: AccountLimits): void {
    const throttled = this.#throttled(account, modelId);
    if (!throttled.limits.has(runKey)) throttled.throttle.reset();
    throttled.limits.set(runKey, limits);
    apply(throttled);
  }

  /** Forgets what a run said of its accounts. */
  release(runKey: string): void {
    for (const throttled of this.#byAccount.values()) if (throttled.limits.delete(runKey)) apply(throttled);
  }

  /** No call may be sent after it. */
  close(): void {
    for (const { throttle } of this.#byAccount.values()) throttle.close();
  }

  #throttled({ account, isLocal = false }: Account, modelId: string): Throttled {
    let throttled = this.#byAccount.get(account);
    if (throttled === undefined) {
      const telemetry = throttleTelemetry(modelId);
      const throttle = new Throttle({
        maxFirstOutageMs: MAX_FIRST_OUTAGE_MS,
        shared: isLocal ? undefined : this.#accounts?.account(account),
        onEvent: (event) => {
          telemetry(event);
          this.#onEvent?.(modelId, event);
        },
      });
      const errorHandler = new ErrorHandler({
        throttle,
        jitter: true,
        // Retries would only delay the calls in flight.
        retryOn: (error) => !isOutOfFiles(error) && classify(error).verdict === 'retry',
        attemptTimeoutMs: MODEL_TIMEOUT_MS,
        minAttemptTimeoutMs: LEAST_TIMEOUT_MS,
      });
      throttled = { throttle, errorHandler, limits: new Map() };
      this.#byAccount.set(account, throttled);
    }
    return throttled;
  }

  /** What calls to an account wait for now; `undefined` if none waits. */
  waitingFor(account: string): ModelWait | undefined {
    const stats = this.stats(account);
    return stats && modelWait(stats);
  }

  /** An account at this moment; `undefined` before its first call. */
  stats(account: string): ThrottleStats | undefined {
    return this.#byAccount.get(account)?.throttle.stats;
  }
}

function apply({ throttle, limits }: Throttled): void {
  const all = [...limits.values()];
  const tightest = (rates: readonly (number | undefined)[]): number | undefined => {
    const known = rates.filter((rate) => rate !== undefined);
    return known.length === 0 ? undefined : Math.min(...known);
  };
  const maxConcurrency = all.reduce((sum, each) => sum + each.maxConcurrency, 0);
  throttle.setLimits({
    requestsPerMinute: tightest(all.map(({ requestsPerMinute }) => requestsPerMinute)),
    tokensPerMinute: tightest(all.map(({ tokensPerMinute }) => tokensPerMinute)),
    ...(maxConcurrency > 0 && { maxConcurrency }),
  });
}
