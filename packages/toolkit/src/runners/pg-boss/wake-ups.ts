import type { Clock } from '../../clock/clock.ts';

/** Waits that end when somebody is woken, or after a time. */
export class WakeUps {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves at the next call of `of(key)` or `all`, or after `ms`; rejects with the signal's reason. */
  next(key: string, ms: number, signal?: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        cancel();
        signal?.removeEventListener('abort', onAbort);
        const waiting = this.#waiting.get(key);
        waiting?.delete(wake);
        if (waiting?.size === 0) this.#waiting.delete(key);
      };
      const wake = (): void => {
        end();
        resolve();
      };
      const onAbort = (): void => {
        end();
        reject(signal?.reason);
      };
      const cancel = this.#clock.setTimer(wake, ms);
      signal?.addEventListener('abort', onAbort);
      const waiting = this.#waiting.get(key) ?? new Set();
      waiting.add(wake);
      this.#waiting.set(key, waiting);
    });
  }

  of(key: string): void {
    for (const wake of [...(this.#waiting.get(key) ?? [])]) wake();
  }

  all(): void {
    for (const key of [...this.#waiting.keys()]) this.of(key);
  }
}
