import type { Clock } from '../clock/clock.ts';
import { TimeoutError } from '../errors/timeout-error.ts';
import type { TaskContext } from './task.ts';

/** Runs calls that each have a time limit and, for it, a signal of their own that also follows the batch's. */
export class TimedCalls {
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  readonly #running = new Set<AbortController>();

  constructor(timeoutMs: number, clock: Clock) {
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  /** Settles as the call does, or rejects with a `TimeoutError` as soon as the time is over. */
  run<T>(call: (context: TaskContext) => T | PromiseLike<T>, index: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const controller = new AbortController();
      this.#running.add(controller);
      const end = (): void => {
        cancel();
        this.#running.delete(controller);
      };
      const cancel = this.#clock.setTimer(() => {
        end();
        const error = new TimeoutError(`The task at index ${index} took longer than ${this.#timeoutMs} ms.`, {
          timeoutMs: this.#timeoutMs,
        });
        reject(error);
        controller.abort(error);
      }, this.#timeoutMs);
      settle(call, { signal: controller.signal, index }).finally(end).then(resolve, reject);
    });
  }

  /** Aborts every call that is still running. */
  abort(reason: unknown): void {
    for (const controller of this.#running) controller.abort(reason);
  }
}

/** An async function, so that a synchronous throw is a rejection too. */
async function settle<T>(
  call: (context: TaskContext) => T | PromiseLike<T>,
  context: TaskContext,
): Promise<T> {
  return await call(context);
}
