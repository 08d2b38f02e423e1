/** A call that fails on and on is one call: it counts so often, and two never make an outage by themselves. */
const COUNTED_FAILURES = 4;

interface FailedCall {
  failedAt: number;
  counted: number;
  isAlone: boolean;
}

/**
 * Tells failures that hit everybody from those of single calls. A call fails alone when another, begun after its
 * failure, has succeeded, and it then fails again: its request is at fault, and not the provider.
 */
export class FailedCalls {
  readonly #calls = new WeakMap<object, FailedCall>();
  /** When the latest of the calls that have succeeded was begun. */
  #succeededFrom = Number.NEGATIVE_INFINITY;

  succeeded(startedAt: number): void {
    this.#succeededFrom = Math.max(this.#succeededFrom, startedAt);
  }

  /** Whether the failure says something of the provider. @param call `undefined`: one that is never repeated */
  failed(call: object | undefined, now: number): boolean {
    if (call === undefined) return true;
    const known = this.#calls.get(call) ?? { failedAt: now, counted: 0, isAlone: false };
    this.#calls.set(call, known);
    if (this.#succeededFrom > known.failedAt) known.isAlone = true;
    known.failedAt = now;
    if (known.isAlone || known.counted === COUNTED_FAILURES) return false;
    known.counted += 1;
    return true;
  }
}
