import type { RetryOptions } from '../retry/retry-options.ts';
import type { JsonValue } from '../tasks/task-record.ts';

export interface JobContext<Params = JsonValue> {
  readonly taskId: string;
  /** As they were submitted, once through JSON. */
  readonly taskParams: Params;
  readonly itemKey: string;
  /** Aborts when the run is cancelled, loses its lease, or is stopped before it has drained. */
  readonly signal: AbortSignal;
  /**
   * Aborts when nothing new is to be started: what is in flight may finish. A job of many steps throws its reason
   * before the next one, and the item stays pending.
   */
  readonly draining: AbortSignal;
}

/** How the items of a kind of task are done. */
export interface Job<Input = JsonValue, Params = JsonValue> {
  /**
   * What it returns is recorded once, as JSON. What it throws, after its retries, is recorded as a `FailureResult`; the
   * task is `completed` all the same, unless all its items failed.
   */
  run(input: Input, context: JobContext<Params>): unknown;
  /** Overrides for the runner's `ErrorHandler`; `false` where the job retries its own calls. */
  readonly retry?: RetryOptions | false | undefined;
  /**
   * Whether what `run` threw, after its retries, is a reason to leave this item and all others for later: the item
   * stays pending, what is under way may finish, and the task is paused with the error's message. For limits of one's
   * own, such as a budget; an account's exhausted quota does it without, and aborts what is under way.
   *
   * @default never
   */
  pauseOn?(error: unknown): boolean;
  /**
   * How many items of one task are worked on at once, at most. With 1 each is done and recorded before the next is
   * begun, in the order in which they were given.
   *
   * @default the runner's `concurrency`
   */
  maxConcurrency?(taskParams: Params): number | undefined;
}

export interface Submission {
  /** The name that the job was registered under. */
  readonly job: string;
  readonly taskKey: string;
  /** Anything that JSON can carry. */
  readonly taskParams: unknown;
  /** The work, in order. Keys are unique; strings and numbers stand for themselves as key and input. */
  readonly items: Iterable<string | number | { readonly key: string; readonly input: unknown }>;
  /**
   * What makes two submissions the same. Lists in it are compared without regard to order.
   * @default { job, taskParams, items }
   */
  readonly identity?: unknown;
}
