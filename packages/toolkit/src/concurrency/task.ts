/** What a task is given when it starts. */
export interface TaskContext {
  /**
   * Aborts when the batch stops: another task failed, the caller's signal aborted, or this task's `timeoutMs` is
   * over. Hand it to `fetch` and the like. Without `timeoutMs` all tasks of a batch share one signal.
   */
  readonly signal: AbortSignal;
  /** The task's place in the input, from 0. */
  readonly index: number;
}

/** Work that has not been started. What it returns or resolves to is its result; what it throws, its error. */
export type TaskFunction<T> = (context: TaskContext) => T | PromiseLike<T>;

/** What is worked off: an array, or an iterable or async iterable, which is pulled as slots become free. */
export type ItemSource<T> = Iterable<T> | AsyncIterable<T>;

export interface TaskSuccess<T> {
  readonly success: true;
  readonly data: T;
  /** The task's place in the input, from 0. */
  readonly index: number;
}

export interface TaskFailure {
  readonly success: false;
  /** What the task threw, as it was thrown: not always an `Error`. */
  readonly error: unknown;
  /** The task's place in the input, from 0. */
  readonly index: number;
}

/** How one task ended. */
export type TaskOutcome<T> = TaskSuccess<T> | TaskFailure;
