import type { Job, TypedJob } from '../tasks/job.ts';
import type { Task } from '../tasks/task.ts';
import type { TaskManager } from '../tasks/task-manager.ts';
import type { TaskSettings } from '../tasks/task-record.ts';
import type { ResetRequest } from '../tasks/task-store.ts';

/** An item to submit. A string or a number stands for itself, as key and as input, where the job's input is one. */
export type SubmittedItem<Input> =
  | { readonly key: string; readonly input: Input }
  | (unknown extends Input ? string | number : Extract<Input, string | number>);

export interface Submission<Input = unknown, Params = unknown> {
  /** A typed job, which the parameters and items are then checked against, or the name that a job was registered under. */
  readonly job: string | TypedJob<Input, Params, unknown>;
  readonly taskKey: string;
  /** Anything that JSON can carry. */
  readonly taskParams: NoInfer<Params>;
  /** The work, in order. Keys are unique. */
  readonly items: Iterable<SubmittedItem<NoInfer<Input>>>;
  /**
   * What makes two submissions the same. Lists in it are compared without regard to order.
   * @default { job, taskParams, items }, the job by its name
   */
  readonly identity?: unknown;
  /** How a task that this creates is to be run; one that is joined keeps its own. @default {} */
  readonly settings?: TaskSettings | undefined;
}

/**
 * Runs the items of tasks: each is done, retried and recorded once. Every implementation passes `describeRunner` of
 * `@panelist/toolkit/testing`. Several runners, in any number of processes, may share one store.
 */
export interface Runner {
  /**
   * Creates a task and starts it, or joins the active one that is the same: `isNew` says which. A joined task whose
   * process has died is taken over; a paused one stays paused until `resume`.
   *
   * @throws ToolkitError `UNKNOWN_JOB`, `DUPLICATE_ITEM`, `NOT_FINGERPRINTABLE`, `RUNNER_CLOSED` after `shutdown`, or
   *   one of the store's.
   */
  submit<Input, Params>(
    submission: Submission<Input, Params>,
  ): Promise<{ readonly task: Task; readonly isNew: boolean }>;
  /**
   * Goes on with a task that is paused, or whose process has died. Does nothing to one that is running or finished.
   *
   * @throws ToolkitError `TASK_NOT_FOUND`, `UNKNOWN_JOB`, `RUNNER_CLOSED`.
   */
  resume(taskId: string): Promise<Task>;
  /**
   * Starts nothing more, wherever the task runs. What is in flight here gets `drainMs` (default 30,000) to finish and be
   * recorded; what is then unfinished stays pending.
   */
  pause(
    taskId: string,
    options?: { readonly reason?: string | undefined; readonly drainMs?: number | undefined },
  ): Promise<Task>;
  /** Starts nothing more and aborts what is in flight. What was recorded stays. */
  cancel(taskId: string, options?: { readonly reason?: string | undefined }): Promise<Task>;
  /**
   * Does the items again that failed, and those never done; returns how many had failed. With `itemKeys`, of those that
   * failed only the named.
   */
  retryFailed(
    taskId: string,
    request?: ResetRequest,
  ): Promise<{ readonly task: Task; readonly retried: number }>;
  /**
   * Resolves when the task is finished or paused, wherever it runs; takes it over when its process dies. When this runner
   * is shut down, it resolves with the task as it is once what was in flight here has ended. Rejects with the signal's
   * reason, or with the fault that ended the task's run here: where only this process uses the database, `STORE_FULL` is
   * one; where several do, they wait for room.
   */
  wait(taskId: string, options?: { readonly signal?: AbortSignal | undefined }): Promise<Task>;
  /** How many items this process is working on, of one task or of all. */
  inFlight(taskId?: string): number;
  /**
   * Starts nothing more, gives what is in flight `drainMs` (default 30,000) to finish and be recorded, then aborts it.
   * Tasks that are not done stay running without an owner: any process may go on with them.
   */
  shutdown(options?: { readonly drainMs?: number | undefined }): Promise<void>;
}

/** A runner of this package: a process registers with it how the items of each job are done. */
export interface JobRunner extends Runner {
  readonly tasks: TaskManager;
  /** Registers how the items of that job's tasks are done. A process that resumes a task must have registered its job. */
  register<Input, Params, Result>(
    job: TypedJob<Input, Params, Result>,
    how: Job<NoInfer<Input>, NoInfer<Params>, NoInfer<Result>>,
  ): this;
  register<Input, Params>(name: string, job: Job<Input, Params>): this;
  /** Whether this process works on the task now. */
  isRunning(taskId: string): boolean;
  /** The ids of the tasks that this process works on now. */
  readonly running: readonly string[];
}
