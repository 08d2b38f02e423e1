import type { Clock } from '../clock/clock.ts';
import { TimeoutError } from '../errors/timeout-error.ts';
import type { AttemptContext } from './retry-options.ts';

/**
 * What `fn` gets as its signal where nothing can abort it: one for all calls, so that a call costs no controller.
 * Since it never aborts it keeps no listeners: those that a call leaves behind would otherwise pile up on it for as
 * long as the process lives.
 */
export const NEVER_ABORTED: AbortSignal = Object.defineProperty(
  new AbortController().signal,
  'addEventListener',
  { value: () => {} },
);

/** What happened to an attempt. */
export type Outcome<T> =
  | { readonly success: true; readonly value: T }
  | { readonly success: false; readonly error: unknown };

export interface AttemptLimits {
  readonly clock: Clock;
  /** Ends the attempt at once, with its reason. */
  readonly signal: AbortSignal;
  /** Ends the attempt with a `TimeoutError`. */
  readonly timeoutMs: number | undefined;
  /** @default none */
  readonly report?: AttemptContext['report'] | undefined;
}

const NO_REPORT = (): void => {};

/**
 * Makes one attempt, and settles when it does or when a limit ends it, whichever comes first: also when `fn` ignores
 * its signal. Never rejects.
 */
export function runAttempt<T>(
  fn: (context: AttemptContext) => T | PromiseLike<T>,
  attempt: number,
  { clock, signal, timeoutMs, report = NO_REPORT }: AttemptLimits,
): Promise<Outcome<T>> {
  if (signal === NEVER_ABORTED && timeoutMs === undefined) return outcomeOf(fn, { attempt, signal, report });
  return new Promise((resolve) => {
    const controller = timeoutMs === undefined ? undefined : new AbortController();
    const end = (outcome: Outcome<T>): void => {
      cancelTimer?.();
      // An aborted signal has dropped its listeners already; looking for this one among thousands costs time.
      if (!signal.aborted) signal.removeEventListener('abort', onAbort);
      resolve(outcome);
    };
    // Settled before `fn` hears of it, so that its own reaction does not count.
    const stop = (error: unknown): void => {
      end({ success: false, error });
      controller?.abort(error);
    };
    const onAbort = (): void => stop(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const cancelTimer =
      timeoutMs === undefined
        ? undefined
        : clock.setTimer(() => {
            stop(
              new TimeoutError(`Attempt ${attempt + 1} took longer than ${timeoutMs} ms.`, {
                timeoutMs,
              }),
            );
          }, timeoutMs);
    outcomeOf(fn, { attempt, signal: controller?.signal ?? signal, report }).then(end);
  });
}

async function outcomeOf<T>(
  fn: (context: AttemptContext) => T | PromiseLike<T>,
  context: AttemptContext,
): Promise<Outcome<T>> {
  try {
    return { success: true, value: await fn(context) };
  } catch (error) {
    return { success: false, error };
  }
}
