import type { Clock } from '../clock/clock.ts';
import { sleep } from '../clock/sleep.ts';
import type { TaskStore } from './task-store.ts';

export interface NextChangeOptions {
  /** Two looks are at least so far apart, milliseconds. */
  readonly minMs: number;
  /** A look is due after so long, even if nobody told of a change, milliseconds. */
  readonly maxMs: number;
  readonly clock: Clock;
  /** Ends the wait early, without an error. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * When a task is worth another look: where the store tells of changes, once it has, so that a watch of a task that other
 * processes run need not ask all the time. Of other stores: every `minMs`.
 */
export class TaskChanges {
  readonly #tellsOfChanges: boolean;
  readonly #end: () => void;
  #hasChanged = false;
  #wake = (): void => {};

  /** @param taskId `undefined`: of all tasks */
  constructor({ onChange }: Pick<TaskStore, 'onChange'>, taskId?: string | undefined) {
    this.#tellsOfChanges = onChange !== undefined;
    const end = onChange?.((changed) => {
      if (changed !== undefined && taskId !== undefined && changed !== taskId) return;
      this.#hasChanged = true;
      this.#wake();
    });
    this.#end = end ?? (() => {});
  }

  /** Whether something may have changed since the last call of this or `next`; always true where the store doesn't tell. */
  takeChange(): boolean {
    const hasChanged = this.#hasChanged || !this.#tellsOfChanges;
    this.#hasChanged = false;
    return hasChanged;
  }

  /** The next look is due. */
  async next({ minMs, maxMs, clock, signal }: NextChangeOptions): Promise<void> {
    const isOver = (): boolean => signal?.aborted === true;
    const pause = async (ms: number, ended: AbortSignal | undefined): Promise<void> => {
      await sleep(ms, { clock, signal: ended }).catch((error: unknown) => {
        if (ended?.aborted !== true) throw error;
      });
    };
    if (isOver()) return;
    await pause(minMs, signal);
    if (this.#tellsOfChanges && !this.#hasChanged && !isOver()) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      const ended = signal === undefined ? woken.signal : AbortSignal.any([signal, woken.signal]);
      await pause(Math.max(0, maxMs - minMs), ended);
      this.#wake = () => {};
    }
    this.#hasChanged = false;
  }

  close(): void {
    this.#end();
    this.#wake();
  }
}
