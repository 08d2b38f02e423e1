import { quote, ToolkitError } from '../errors/toolkit-error.ts';

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
   * `maxConcurrency` stays the ceiling.
   * @default the manager's `maxConcurrency`, also when that is changed later
   */
  readonly maxConcurrency?: number | undefined;
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
   * `true`: a failed task's error stands in its result's place, and the other tasks go on.
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

/** @throws ToolkitError `INVALID_OPTION` unless `value` is a whole number of at least 1, or `Infinity`. */
export function checkMaxConcurrency(value: number): void {
  if (value === Number.POSITIVE_INFINITY || isCount(value)) return;
  throw invalid(`maxConcurrency must be a whole number of at least 1, or Infinity; got ${quote(value)}.`);
}

/** @throws ToolkitError `INVALID_OPTION` unless `options` is an object. */
export function checkIsObject(options: object): void {
  if (typeof options === 'object' && options !== null) return;
  throw invalid(
    `Options are given as an object, as in { maxConcurrency: 20 }; got ${quote(options as unknown)}.`,
  );
}

/** Refuses bad options before anything starts. @throws ToolkitError `INVALID_OPTION`, with the value quoted. */
export function checkBatchOptions(options: BatchOptions & { readonly batchSize?: number | undefined }): void {
  checkIsObject(options);
  const { maxConcurrency, batchSize, timeoutMs, signal, onProgress } = options;
  if (maxConcurrency !== undefined) checkMaxConcurrency(maxConcurrency);
  if (batchSize !== undefined && !isCount(batchSize)) {
    throw invalid(`batchSize must be a whole number of at least 1; got ${quote(batchSize)}.`);
  }
  if (timeoutMs !== undefined && !(Number.isFinite(timeoutMs) && timeoutMs > 0)) {
    throw invalid(
      `timeoutMs must be a number of milliseconds above 0; got ${quote(timeoutMs)}. Leave it out for no limit.`,
    );
  }
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalid(`signal must be an AbortSignal; got ${quote(signal as unknown)}.`);
  }
  checkFunction('onProgress', onProgress ?? noop);
}

/** @throws ToolkitError `INVALID_OPTION` unless `value` is a function. */
export function checkFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') throw invalid(`${name} must be a function; got ${quote(value)}.`);
}

function noop(): void {}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function invalid(message: string): ToolkitError {
  return new ToolkitError('INVALID_OPTION', message);
}
