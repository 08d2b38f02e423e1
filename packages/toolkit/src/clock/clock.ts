/**
 * Time as a dependency: everything in the toolkit that waits, stamps or measures takes a {@link Clock}, so that
 * tests pass a virtual one (`@panelist/toolkit/testing`) and never sleep.
 */
export interface Clock {
  /** Wall time, milliseconds since the epoch: for what is stored or compared with other machines. */
  now(): number;
  /** Monotonic time in milliseconds from an arbitrary origin: for durations. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs` milliseconds; returns the function that cancels it. */
  setTimer(callback: () => void, delayMs: number): () => void;
}

/** `setTimeout` fires at once when asked for more than this (2^31 − 1 ms, about 24.8 days). */
const MAX_TIMER_MS = 2_147_483_647;

/** The machine's clock. Its timers keep the process alive, and may be longer than 2^31 − 1 ms. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(callback, delayMs) {
    const dueAt = performance.now() + delayMs;
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      timer =
        leftMs > MAX_TIMER_MS
          ? setTimeout(() => arm(dueAt - performance.now()), MAX_TIMER_MS)
          : setTimeout(callback, leftMs);
    };
    arm(delayMs);
    return () => clearTimeout(timer);
  },
};
