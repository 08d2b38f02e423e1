import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import { checkKey } from '../options/check.ts';
import type { RetryOptions } from '../retry/retry-options.ts';
import { type FailureResult, readFailure } from './failure-result.ts';
import type { JsonValue, TaskItemRecord, TaskRecord, TaskResult, TaskSettings } from './task-record.ts';

export interface JobContext<Params = JsonValue> {
  readonly taskId: string;
  /** As they were submitted, once through JSON. */
  readonly taskParams: Params;
  readonly itemKey: string;
  /** How often the item was handed out before, where a queue counts it: a process may have died with it. */
  readonly attempt?: number | undefined;
  /** Aborts when the run is cancelled, loses its lease, or is stopped before it has drained. */
  readonly signal: AbortSignal;
  /**
   * Aborts when nothing new is to be started: what is in flight may finish. A job of many steps throws its reason
   * before the next one, and the item stays pending.
   */
  readonly draining: AbortSignal;
}

export type TaskOfJob<Params = JsonValue> = Pick<JobContext<Params>, 'taskId' | 'taskParams'>;

/** How the items of a task are processed. */
export interface Job<Input = JsonValue, Params = JsonValue, Result = unknown> {
  /**
   * What it returns is recorded once, as JSON. What it throws, after its retries, is recorded as a `FailureResult`; the
   * task is still `completed`, unless all its items failed.
   */
  run(input: Input, context: JobContext<Params>): Result | PromiseLike<Result>;
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
   * begun, in the order in which they were given. The task's settings can only lower it.
   *
   * @default the settings' `maxConcurrency`
   */
  maxConcurrency?(taskParams: Params): number | undefined;
  /**
   * Called with a task's settings before its first item is run here, and whenever they have changed while it runs. What
   * it throws pauses the task with the error's message.
   *
   * @default `maxConcurrency` alone is followed
   */
  configure?(settings: TaskSettings, task: TaskOfJob<Params>): void | PromiseLike<void>;
  /**
   * Called when this process stops working on a task, finished or not: everything it began has ended.
   * @default nothing
   */
  ended?(task: TaskOfJob<Params>): void;
}

/** An item of a typed job's task, with its result. */
export type JobItem<Input, Result> = Pick<TaskItemRecord, 'key' | 'position'> & { readonly input: Input } & (
    | { readonly status: 'pending'; readonly result: null }
    | { readonly status: 'succeeded'; readonly result: Result }
    | { readonly status: 'failed'; readonly result: FailureResult }
  );

/** A recorded result of a typed job's task. */
export type JobResult<Result> = Omit<TaskResult, 'success' | 'result'> &
  (
    | { readonly success: true; readonly result: Result }
    | { readonly success: false; readonly result: FailureResult }
  );

/** Where a stored value was read. */
export interface StoredAt {
  readonly taskId: string;
  /** `undefined` for what belongs to the task as a whole. */
  readonly itemKey: string | undefined;
}

/**
 * Checks of what is stored in a job's tasks: each gets a stored value and returns it with its type, brought up to date
 * where an earlier version wrote it, or throws. Something else may have changed the database.
 */
export interface JobReaders<Input, Params, Result> {
  /** @default the parameters as they are stored */
  readonly params?: ((taskParams: JsonValue, at: StoredAt) => Params) | undefined;
  /** @default the input as it is stored */
  readonly input?: ((input: JsonValue, at: StoredAt) => Input) | undefined;
  /** @default the result as it is stored */
  readonly result?: ((result: JsonValue, at: StoredAt) => Result) | undefined;
}

/**
 * A kind of task, with the types of its parameters, inputs and results: register a `Job` under it, submit with it, and
 * read what was recorded through it. Inputs, parameters and results go through JSON, so they must be JSON.
 */
export interface TypedJob<Input, Params, Result> {
  /** The name that its tasks are stored under. */
  readonly name: string;
  /**
   * A task's parameters.
   * @throws ToolkitError `WRONG_JOB` for a task of another job; and what the reader throws
   */
  params(task: Pick<TaskRecord, 'taskId' | 'job' | 'taskParams'>): Params;
  /** An item of a task of this job. Throws what the readers throw. */
  item(taskId: string, record: TaskItemRecord): JobItem<Input, Result>;
  /** A result of a task of this job. Throws what the reader throws. */
  result(taskId: string, record: TaskResult): JobResult<Result>;
}

/**
 * Defines a kind of task.
 *
 * @param readers check what is read. Without them the types are a promise: a store keeps any JSON
 * @throws ToolkitError `INVALID_OPTION`
 *
 * @example
 * const GREET = defineJob<{ name: string }, { greeting: string }, string>('greet');
 * runner.register(GREET, { run: ({ name }, { taskParams }) => `${taskParams.greeting} ${name}` });
 * const items = [{ key: 'ada', input: { name: 'Ada' } }];
 * const { task } = await runner.submit({ job: GREET, taskKey: 'hello', taskParams: { greeting: 'Hello' }, items });
 */
export function defineJob<Input, Params, Result>(
  name: string,
  readers: JobReaders<Input, Params, Result> = {},
): TypedJob<Input, Params, Result> {
  checkKey('name', name);
  const {
    params: readParams = (taskParams) => taskParams as Params,
    input: readInput = (input) => input as Input,
    result: readResult = (result) => result as Result,
  } = readers;
  return {
    name,
    params({ taskId, job, taskParams }) {
      if (job === name) return readParams(taskParams, { taskId, itemKey: undefined });
      throw new ToolkitError(
        'WRONG_JOB',
        `Task ${quote(taskId)} is of the job ${quote(job)}, not of ${quote(name)}: its parameters are others.`,
      );
    },
    item(taskId, { key, position, status, input, result }) {
      const at = { taskId, itemKey: key };
      const item = { key, position, input: readInput(input, at) };
      if (status === 'pending') return { ...item, status, result: null };
      if (status === 'succeeded') return { ...item, status, result: readResult(result, at) };
      return { ...item, status, result: readFailure(result) };
    },
    result(taskId, { success, result, ...record }) {
      const at = { taskId, itemKey: record.itemKey };
      return success
        ? { ...record, success, result: readResult(result, at) }
        : { ...record, success, result: readFailure(result) };
    },
  };
}
