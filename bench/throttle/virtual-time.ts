import FakeTimers from '@sinonjs/fake-timers';

/** No scenario needs more; a call that is still waiting then would wait for ever. */
const LONGEST_RUN_MS = 6 * 3_600_000;

const realSetImmediate = globalThis.setImmediate;
let pendingImmediates = 0;

/**
 * One fake clock for all code in this process: timers, `Date` and `performance.now`. Libraries that store a reference to
 * `setTimeout` must be imported after `install`. Immediates stay real but are counted, so that time advances only when
 * nothing else is left to do.
 */
export class VirtualTime {
  readonly #clock: FakeTimers.Clock;

  private constructor(clock: FakeTimers.Clock) {
    this.#clock = clock;
  }

  static install(): VirtualTime {
    const toFake = [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'Date',
      'performance',
    ] as const;
    const clock = FakeTimers.install({ now: Date.UTC(2026, 0, 1), toFake: [...toFake] });
    // Node's timers take at least 1 ms; a fake one of 0.4 ms would fire repeatedly without advancing the time.
    const fakeSetTimeout = globalThis.setTimeout;
    const atLeastOne = (callback: () => void, delayMs = 1, ...args: []): NodeJS.Timeout =>
      fakeSetTimeout(callback, Math.max(1, delayMs), ...args);
    globalThis.setTimeout = Object.assign(atLeastOne, fakeSetTimeout) as typeof setTimeout;
    const counted = (callback: (...args: unknown[]) => void, ...args: unknown[]): NodeJS.Immediate => {
      pendingImmediates += 1;
      return realSetImmediate(() => {
        pendingImmediates -= 1;
        callback(...args);
      });
    };
    globalThis.setImmediate = Object.assign(counted, realSetImmediate) as typeof setImmediate;
    return new VirtualTime(clock);
  }

  /** Fires timer after timer until `promise` settles, letting promises settle in between. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const mark = (): void => {
      settled = true;
    };
    promise.then(mark, mark);
    const endAt = Date.now() + LONGEST_RUN_MS;
    await settle();
    while (!settled) {
      if (this.#clock.countTimers() === 0 || Date.now() > endAt) {
        throw new Error(`Stuck: ${this.#clock.countTimers()} timers are set and the run has not ended.`);
      }
      this.#clock.next();
      await settle();
    }
    return promise;
  }
}

/** Resolves when all due promise callbacks and immediates have run. */
async function settle(): Promise<void> {
  do await new Promise<void>((resolve) => realSetImmediate(resolve));
  while (pendingImmediates > 0);
}
