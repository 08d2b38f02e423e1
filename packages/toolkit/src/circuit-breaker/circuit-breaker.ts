import type { ErrorKind } from '../classify/classification.ts';
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
   * Which errors of `execute` count as failures. The others are no success either: they change nothing.
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
  /** @param error kept as the cause of `CIRCUIT_OPEN` */
  failed(error?: unknown): void;
  /** It ended without a verdict on the server. If it was the probe, the next call may be one at once. */
  abandoned(): void;
}

type Verdict = 'succeeded' | 'failed' | 'abandoned';

const MAX_JITTER = 0.1;

const OUTAGE_KINDS: ReadonlySet<ErrorKind> = new Set(['server', 'overloaded', 'network', 'timeout']);

/**
 * Stops calling a server that is down. Closed, it lets every call through, until `failures` of them in a row have
 * failed; then it is open, and lets one probe at a time through, after 1, 2, 4, … 30 s. The first probe that succeeds
 * closes it.
 *
 * Calls are in the order in which they were begun, not in which they ended: a failure counts only if no call begun
 * after it has succeeded. Calls begun before the breaker last opened or closed tell of a time that is over, and
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
  /** Calls are numbered from 1 as they begin. */
  #begun = 0;
  /** Calls up to this number change nothing: a later one has succeeded, or the breaker has opened or closed since. */
  #settledUpTo = 0;
  /** The numbers of the calls after `#settledUpTo` that have failed. */
  #failed: number[] = [];
  #lastFailure: unknown;
  /** `undefined`: closed. */
  #openedAt: number | undefined;
  #probeAt = 0;
  #failedProbes = 0;
  #probing = false;

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
    if (this.#openedAt === undefined) return 'closed';
    const waitMs = this.waitMs();
    return waitMs > 0 && waitMs < Number.POSITIVE_INFINITY ? 'open' : 'half-open';
  }

  /** How long ago it opened, failed probes included, milliseconds; 0 while it is closed. */
  get openForMs(): number {
    return this.#openedAt === undefined ? 0 : this.#clock.monotonic() - this.#openedAt;
  }

  /**
   * How long until a call may begin, whole milliseconds. 0: now. Infinity: a probe is under way, and how it ends will
   * tell.
   */
  waitMs(): number {
    if (this.#openedAt === undefined) return 0;
    if (this.#probing) return Number.POSITIVE_INFINITY;
    return Math.max(0, Math.ceil(this.#probeAt - this.#clock.monotonic()));
  }

  /**
   * Begins a call, which must be settled: a probe that never is keeps the breaker open.
   * @throws ToolkitError `CIRCUIT_OPEN` while `waitMs()` is not 0
   */
  begin(): BreakerCall {
    if (this.#openedAt !== undefined) {
      const waitMs = this.waitMs();
      if (waitMs > 0) throw this.#openError(waitMs);
      this.#probing = true;
    }
    this.#begun += 1;
    return new Call(this.#begun, this.#settle);
  }

  /**
   * Calls `fn` and judges by how it ends; a synchronous throw counts like any other error. An abort of the caller's
   * signal rejects at once with its reason, even if `fn` ignores it, and is no verdict, unless the reason is a
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
      if (!outcome.ok) {
        const { error } = outcome;
        if (!isCalledOff(error, signal) && this.#isFailure(error)) call.failed(error);
        throw error;
      }
      call.succeeded();
      return outcome.value;
    } finally {
      // Whatever has no verdict by now has none: `isFailure` may have thrown, too.
      call.abandoned();
    }
  }

  /** Closes it and forgets all failures. Calls under way change nothing any more. */
  reset(): void {
    this.#openedAt = undefined;
    this.#lastFailure = undefined;
    this.#failedProbes = 0;
    this.#forget();
  }

  readonly #settle = (order: number, verdict: Verdict, error: unknown): void => {
    if (order <= this.#settledUpTo) return;
    // While it is open, no call but the probe is begun.
    if (this.#openedAt !== undefined) this.#settleProbe(verdict, error);
    else if (verdict === 'succeeded') {
      this.#settledUpTo = order;
      this.#failed = this.#failed.filter((failed) => failed > order);
    } else if (verdict === 'failed') {
      this.#lastFailure = error;
      this.#failed.push(order);
      if (this.#failed.length >= this.#failures) this.#open();
    }
  };

  #settleProbe(verdict: Verdict, error: unknown): void {
    if (verdict === 'succeeded') {
      this.reset();
      return;
    }
    this.#probing = false;
    if (verdict === 'abandoned') return;
    this.#lastFailure = error;
    this.#failedProbes += 1;
    this.#scheduleProbe();
  }

  #open(): void {
    this.#openedAt = this.#clock.monotonic();
    this.#forget();
    this.#scheduleProbe();
  }

  #scheduleProbe(): void {
    const waitMs = Math.min(this.#firstProbeMs * 2 ** this.#failedProbes, this.#maxProbeMs);
    // Only ever later, so that breakers that opened together do not probe together.
    this.#probeAt = this.#clock.monotonic() + waitMs * (1 + MAX_JITTER * this.#random());
  }

  #forget(): void {
    this.#settledUpTo = this.#begun;
    this.#failed = [];
    this.#probing = false;
  }

  #openError(waitMs: number): ToolkitError {
    const next = this.#probing
      ? 'a probe is under way. Try again when it has ended'
      : `the next try is in ${waitMs} ms. Try again then`;
    return new ToolkitError(
      'CIRCUIT_OPEN',
      `The circuit is open after ${this.#failures} failures in a row; ${next}, and see the cause.`,
      { cause: this.#lastFailure },
    );
  }
}

class Call implements BreakerCall {
  readonly #order: number;
  #settle: ((order: number, verdict: Verdict, error: unknown) => void) | undefined;

  constructor(order: number, settle: (order: number, verdict: Verdict, error: unknown) => void) {
    this.#order = order;
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

  #end(verdict: Verdict, error?: unknown): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(this.#order, verdict, error);
  }
}

function isOutage(error: unknown): boolean {
  return OUTAGE_KINDS.has(classify(error).kind);
}

/** Whether it was the caller who ended the call, and not because it took too long. */
function isCalledOff(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && error === signal.reason && classify(error).kind !== 'timeout';
}
