import { OUTAGE_KINDS } from '../classify/classification.ts';
import { classify } from '../classify/classify.ts';
import { type Clock, systemClock } from '../clock/clock.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import { checkCount, checkFunction, checkMs, checkOption, checkSignal } from '../options/check.ts';
import { NEVER_ABORTED, runAttempt } from '../retry/run-attempt.ts';

export interface CircuitBreakerOptions {
  /** How many failures in a row open it. @default 5 */
  readonly failures?: number | undefined;
  /** From its opening to the first probe, milliseconds. Each probe that fails doubles the wait. @default 1_000 */
  readonly firstProbeMs?: number | undefined;
  /** The longest wait between two probes, milliseconds, before the jitter of up to 10 %. @default 30_000 */
  readonly maxProbeMs?: number | undefined;
  /**
   * Which errors of `execute` count as failures. A call that ends with another is abandoned: it changes nothing.
   * @default what `classify` finds to be of the kind server, overloaded, network or timeout
   */
  readonly isFailure?: ((error: unknown) => boolean) | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** Numbers from 0 to 1, for the jitter. @default Math.random */
  readonly random?: (() => number) | undefined;
}

/** One call that the breaker let through. Its first settlement counts, the others do nothing. */
export interface BreakerCall {
  succeeded(): void;
  /** @param error becomes the cause of `CIRCUIT_OPEN` */
  failed(error?: unknown): void;
  /** It ended and says nothing about the server. If it was the probe, the next call may be the next probe at once. */
  abandoned(): void;
}

type Ending = 'succeeded' | 'failed' | 'abandoned';

/** Calls are numbered from 1 as they begin. */
type State =
  | {
      readonly state: 'closed';
      /** Calls up to this number change nothing: a later one has succeeded, or they began before it closed. */
      readonly settledUpTo: number;
      /** The numbers of the later calls that have failed. */
      readonly failed: readonly number[];
    }
  | (Outage & { readonly state: 'open' /** By the monotonic clock. */; readonly probeAt: number })
  | (Outage & { readonly state: 'probing' /** The probe's number. */; readonly probe: number });

interface Outage {
  /** By the monotonic clock. */
  readonly openedAt: number;
  readonly failedProbes: number;
  readonly lastFailure: unknown;
}

const MAX_JITTER = 0.1;

/**
 * Stops calling a server that is down. Closed, it lets every call through, until `failures` of them in a row have
 * failed; then it is open, and lets one probe at a time through, after 1, 2, 4, … 30 s. The first probe that succeeds
 * closes it.
 *
 * Calls are in the order in which they were begun, not in which they ended: a failure counts only if no call begun
 * after it has succeeded. Calls begun before the breaker last opened or closed say nothing about the present, and
 * change nothing.
 *
 * @example
 * const breaker = new CircuitBreaker({ failures: 5 });
 * const reply = await breaker.execute(({ signal }) => fetchReply({ signal }), { signal });
 */
export class CircuitBreaker {
  readonly #failures: number;
  readonly #firstProbeMs: number;
  readonly #maxProbeMs: number;
  readonly #isFailure: (error: unknown) => boolean;
  readonly #clock: Clock;
  readonly #random: () => number;
  #begun = 0;
  #state: State = { state: 'closed', settledUpTo: 0, failed: [] };

  /** @throws ToolkitError `INVALID_OPTION` */
  constructor(options: CircuitBreakerOptions = {}) {
    const { failures = 5, firstProbeMs = 1_000, maxProbeMs = 30_000 } = options;
    this.#failures = checkCount('failures', failures, { from: 1 });
    this.#firstProbeMs = checkMs('firstProbeMs', firstProbeMs, { from: 1 });
    this.#maxProbeMs = checkMs('maxProbeMs', maxProbeMs, {
      from: firstProbeMs,
      advice: 'It must be at least firstProbeMs.',
    });
    this.#isFailure = checkFunction('isFailure', options.isFailure) ?? isOutage;
    this.#clock = options.clock ?? systemClock;
    this.#random = checkFunction('random', options.random) ?? Math.random;
  }

  /** `half-open`: a probe is due or under way. */
  get state(): 'closed' | 'open' | 'half-open' {
    const { state } = this.#state;
    if (state === 'open') return this.waitMs() > 0 ? 'open' : 'half-open';
    return state === 'closed' ? 'closed' : 'half-open';
  }

  /** How long ago it opened, failed probes included, milliseconds; 0 while it is closed. */
  get openForMs(): number {
    return this.#state.state === 'closed' ? 0 : this.#clock.monotonic() - this.#state.openedAt;
  }

  /** How long until a call may begin, whole milliseconds. 0: now. Infinity: after the probe that is under way. */
  waitMs(): number {
    if (this.#state.state === 'closed') return 0;
    if (this.#state.state === 'probing') return Number.POSITIVE_INFINITY;
    return Math.max(0, Math.ceil(this.#state.probeAt - this.#clock.monotonic()));
  }

  /**
   * Begins a call, which must be settled: a probe that never is keeps the breaker open.
   * @throws ToolkitError `CIRCUIT_OPEN` while `waitMs()` is not 0
   */
  begin(): BreakerCall {
    if (this.#state.state !== 'closed') {
      const waitMs = this.waitMs();
      if (waitMs > 0) throw this.#openError(waitMs, this.#state);
      const { openedAt, failedProbes, lastFailure } = this.#state;
      this.#state = { state: 'probing', probe: this.#begun + 1, openedAt, failedProbes, lastFailure };
    }
    this.#begun += 1;
    return new Call(this.#begun, this.#settle);
  }

  /**
   * Calls `fn` and judges by how it ends; a synchronous throw counts like any other error. An abort of the caller's
   * signal rejects at once with its reason, even if `fn` ignores it, and the call is abandoned, unless the reason is a
   * timeout, as that of `AbortSignal.timeout` is.
   *
   * Rejects with the error of `fn`, with the signal's reason, or with the ToolkitError `CIRCUIT_OPEN`, whose cause is
   * the last failure, without calling `fn`.
   */
  async execute<T>(
    fn: (context: { readonly signal: AbortSignal }) => T | PromiseLike<T>,
    { signal = NEVER_ABORTED }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<T> {
    checkOption(typeof fn === 'function', 'execute needs a function', fn);
    checkSignal('signal', signal);
    signal.throwIfAborted();
    const call = this.begin();
    try {
      const outcome = await runAttempt(fn, 0, { clock: this.#clock, signal, timeoutMs: undefined });
      if (!outcome.success) {
        const { error } = outcome;
        if (!isCalledOff(error, signal) && this.#isFailure(error)) call.failed(error);
        throw error;
      }
      call.succeeded();
      return outcome.value;
    } finally {
      // What has not been settled by now: `isFailure` may have thrown, too.
      call.abandoned();
    }
  }

  /** Closes it and forgets all failures. Calls under way change nothing any more. */
  reset(): void {
    this.#state = { state: 'closed', settledUpTo: this.#begun, failed: [] };
  }

  readonly #settle = (call: number, ending: Ending, error: unknown): void => {
    const current = this.#state;
    if (current.state === 'probing' && call === current.probe) this.#settleProbe(current, ending, error);
    if (current.state !== 'closed' || call <= current.settledUpTo) return;
    const { settledUpTo, failed } = current;
    if (ending === 'succeeded') {
      this.#state = { state: 'closed', settledUpTo: call, failed: failed.filter((each) => each > call) };
    } else if (ending === 'failed' && failed.length + 1 >= this.#failures) {
      this.#open({ openedAt: this.#clock.monotonic(), failedProbes: 0, lastFailure: error });
    } else if (ending === 'failed') {
      this.#state = { state: 'closed', settledUpTo, failed: [...failed, call] };
    }
  };

  #settleProbe({ openedAt, failedProbes, lastFailure }: Outage, ending: Ending, error: unknown): void {
    if (ending === 'succeeded') this.reset();
    else if (ending === 'failed') {
      this.#open({ openedAt, failedProbes: failedProbes + 1, lastFailure: error });
    } else {
      this.#state = {
        state: 'open',
        openedAt,
        failedProbes,
        lastFailure,
        probeAt: this.#clock.monotonic(),
      };
    }
  }

  #open(outage: Outage): void {
    const waitMs = Math.min(this.#firstProbeMs * 2 ** outage.failedProbes, this.#maxProbeMs);
    // The jitter only ever adds: breakers that opened together must not probe together.
    const probeAt = this.#clock.monotonic() + waitMs * (1 + MAX_JITTER * this.#random());
    this.#state = { state: 'open', ...outage, probeAt };
  }

  #openError(waitMs: number, { lastFailure }: Outage): ToolkitError {
    const next =
      waitMs === Number.POSITIVE_INFINITY
        ? 'a probe is under way. Try again when it has ended'
        : `the next try is in ${waitMs} ms. Try again then`;
    return new ToolkitError(
      'CIRCUIT_OPEN',
      `The circuit is open after ${this.#failures} failures in a row; ${next}, and see the cause.`,
      { cause: lastFailure },
    );
  }
}

class Call implements BreakerCall {
  readonly #number: number;
  #settle: ((call: number, ending: Ending, error: unknown) => void) | undefined;

  constructor(number: number, settle: (call: number, ending: Ending, error: unknown) => void) {
    this.#number = number;
    this.#settle = settle;
  }

  succeeded(): void {
    this.#end('succeeded');
  }

  failed(error?: unknown): void {
    this.#end('failed', error);
  }

  abandoned(): void {
    this.#end('abandoned');
  }

  #end(ending: Ending, error?: unknown): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(this.#number, ending, error);
  }
}

function isOutage(error: unknown): boolean {
  return OUTAGE_KINDS.has(classify(error).kind);
}

/** Whether the caller aborted the call, other than for a timeout. */
function isCalledOff(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && error === signal.reason && classify(error).kind !== 'timeout';
}
