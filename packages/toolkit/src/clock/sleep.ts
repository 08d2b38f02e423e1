import { type Clock, systemClock } from './clock.ts';

/**
 * Resolves after `delayMs` milliseconds, or rejects with the signal's reason as soon as `signal` aborts.
 * Leaves no timer and no listener behind, whichever comes first.
 */
export function sleep(
  delayMs: number,
  { clock = systemClock, signal }: { readonly clock?: Clock; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.setTimer(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, delayMs);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
