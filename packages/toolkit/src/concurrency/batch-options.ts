import { checkCount, checkFunction, checkMs, checkObject, checkSignal } from '../options/check.ts';

/** How far a batch is. `completed` is `succeeded + failed`. */
export interface BatchProgress {
  readonly completed: number;
  readonly succeeded: number;
  readonly failed: number;
  /** How many tasks there are; absent when the source is not an array, since it is not known then. */
  readonly total?: number;
}

/** Options that every kind of batch takes. */
export interface BatchOptions {
  /**
   * How many tasks of this batch run at once: a whole number of at least 1, or `Infinity`. The manager's own
   * `maxConcurrency` stays the ceiling. A function is asked before each task: a lower value takes effect as tasks end, a
   * higher one when the next task ends.
   * @default the manager's `maxConcurrency`, also when that is changed later
   */
  readonly maxConcurrency?: number | (() => number) | undefined;
  /** Stops the batch when it aborts; the call then rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds that each task may take, above 0. After that its signal aborts and it counts as failed with a
   * `TimeoutError`, even if it goes on: a task that ignores its signal is the one thing that outlives its batch.
   * @default no limit
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Called after each task that has settled. If it throws, or returns a promise that rejects, the batch fails with
   * that error.
   */
  readonly onProgress?: ((progress: BatchProgress) => void) | undefined;
}

export interface ExecuteOptions extends BatchOptions {
  /**
   * `true`: a failed task's error takes the place of its result, and the other tasks go on.
   * @default false
   */
  readonly returnExceptions?: boolean | undefined;
}

export interface InBatchesOptions extends ExecuteOptions {
  /** Tasks per batch: a whole number of at least 1. @default 50 */
  readonly batchSize?: number | undefined;
}

export interface StreamOptions extends BatchOptions {
  /** `true`: outcomes come in input order; `false`: as the tasks finish. @default false */
  readonly ordered?: boolean | undefined;
}

/** @throws ToolkitError `INVALID_OPTION` */
export function checkMaxConcurrency(value: number | undefined): void {
  checkCount('maxConcurrency', value, { from: 1, orInfinity: true });
}

/** @throws ToolkitError `INVALID_OPTION` */
export function checkIsObject(options: object): void {
  checkObject('options', options, 'Write them as in { maxConcurrency: 20 }.');
}

/** Refuses bad options before anything starts. @throws ToolkitError `INVALID_OPTION` */
export function checkBatchOptions(options: BatchOptions & { readonly batchSize?: number | undefined }): void {
  checkIsObject(options);
  if (typeof options.maxConcurrency !== 'function') checkMaxConcurrency(options.maxConcurrency);
  checkCount('batchSize', options.batchSize, { from: 1 });
  checkMs('timeoutMs', options.timeoutMs, { above: 0, advice: 'Leave it out for no limit.' });
  checkSignal('signal', options.signal);
  checkFunction('onProgress', options.onProgress);
}
