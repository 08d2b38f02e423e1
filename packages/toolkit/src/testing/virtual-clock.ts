import type { Clock } from '../clock/clock.ts';

interface Timer {
  readonly dueAt: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * A clock that moves only on request. `advance` fires the timers that fall due, in order, and lets the promises
 * that they settle run before the next one.
 *
 * @example
 * const clock = new VirtualClock();
 * const done = new ErrorHandler({ clock }).withRetry(flaky);
 * await clock.advance(1_000);
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  /** @param startMs wall time at the start, milliseconds since the epoch. @default 0 */
  constructor(startMs = 0) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  setTimer(callback: () => void, delayMs: number): () => void {
    const timer: Timer = { dueAt: this.#now + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** How many timers are set: 0 means that nothing is waiting. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Moves time forward by `ms`, firing what falls due on the way. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let timer = this.#next(); timer !== undefined && timer.dueAt <= end; timer = this.#next()) {
      await this.#fire(timer);
    }
    this.#now = end;
  }

  /** Fires timer after timer until `promise` settles, and returns what it settles to. */
  async runUntilSettled<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    promise.then(mark, mark);
    await settle();
    while (!settled) {
      const timer = this.#next();
      if (timer === undefined) {
        throw new Error('VirtualClock: the promise has not settled and no timer is set that could settle it');
      }
      await this.#fire(timer);
    }
    return promise;
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (
        next === undefined ||
        timer.dueAt < next.dueAt ||
        (timer.dueAt === next.dueAt && timer.order < next.order)
      ) {
        next = timer;
      }
    }
    return next;
  }

  async #fire(timer: Timer): Promise<void> {
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, timer.dueAt);
    timer.callback();
    await settle();
  }
}

/** A turn of the event loop: every promise callback that is due has run after it. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
