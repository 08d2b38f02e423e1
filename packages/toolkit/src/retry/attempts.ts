import type { Classification } from '../classify/classification.ts';

/** One failed attempt of a call that failed. */
export interface Attempt {
  /** From 0. */
  readonly attempt: number;
  /** What it threw; `undefined` when `shouldRetryResult` turned its result down. */
  readonly error: unknown;
  /** Whether it was worth another attempt, as `retryOn` or `classify` said. */
  readonly verdict: Classification['verdict'];
  /** How long the call waited after it, milliseconds; `undefined` after the last. */
  readonly delayMs: number | undefined;
  /** Whether the server asked for that wait. */
  readonly serverRequested: boolean;
}

/** A call that retries for days keeps only so many of its last attempts. */
const MAX_ATTEMPTS_KEPT = 100;

const attemptsByError = new WeakMap<object, readonly Attempt[]>();

/**
 * The failed attempts of the call that rejected with this error, in order (the last 100): of the latest such call,
 * if several rejected with the same object. Empty for an error that no call rejected with, and for primitives.
 */
export function attemptsOf(error: unknown): readonly Attempt[] {
  return (isObject(error) && attemptsByError.get(error)) || [];
}

/** The failed attempts of one call. */
export class AttemptLog {
  readonly #attempts: Attempt[] = [];
  #failures = 0;

  /** How many attempts have failed; more than are remembered. */
  get failures(): number {
    return this.#failures;
  }

  /** What the last attempt threw; `undefined` when its result was turned down. */
  get lastError(): unknown {
    return this.#attempts.at(-1)?.error;
  }

  failed(attempt: number, error: unknown, verdict: Attempt['verdict']): void {
    this.#failures += 1;
    if (this.#attempts.length === MAX_ATTEMPTS_KEPT) this.#attempts.shift();
    this.#attempts.push({ attempt, error, verdict, delayMs: undefined, serverRequested: false });
  }

  /** The wait that follows the last attempt. */
  waits(delayMs: number, serverRequested: boolean): void {
    const last = this.#attempts.pop();
    if (last !== undefined) this.#attempts.push({ ...last, delayMs, serverRequested });
  }

  /**
   * Attaches the attempts to the error and returns it: for {@link attemptsOf}, and as a property `attempts` that
   * does not show when the error is printed or serialised, unless the error has one of its own or takes none.
   */
  attachTo<E>(error: E): E {
    if (!isObject(error)) return error;
    const attempts = Object.freeze([...this.#attempts]);
    try {
      if (attemptsByError.has(error) || !('attempts' in error)) {
        Reflect.defineProperty(error, 'attempts', { value: attempts, configurable: true, enumerable: false });
      }
    } catch {
      // A proxy may refuse in its own way; the error itself matters more.
    }
    attemptsByError.set(error, attempts);
    return error;
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
