import type {
  ItemOutcome,
  JsonValue,
  TaskItem,
  TaskItemRecord,
  TaskItemStatus,
  TaskRecord,
  TaskResult,
  TaskSettings,
  TaskStatus,
  TaskSummary,
} from './task-record.ts';

export interface NewTask {
  readonly taskId: string;
  readonly taskKey: string;
  readonly fingerprint: string;
  readonly taskParams: JsonValue;
  readonly job: string | null;
  readonly totalCount: number;
  /** Rows written with the task, in order. Keys are unique within a task. @default [] */
  readonly items?: readonly TaskItem[];
  /** @default {} */
  readonly settings?: TaskSettings | undefined;
  readonly createdAt: number;
}

/** That a process works on an item, for as long as the queue that handed it out says. */
export interface ItemClaim {
  readonly id: string;
  /** Counts how often the item was handed out: a later attempt ends the claim of an earlier one. */
  readonly attempt: number;
}

export interface NewResult {
  /** Absent: the result is appended under a key of the store's own. */
  readonly itemKey?: string | undefined;
  readonly success: boolean;
  readonly result: JsonValue;
  readonly recordedAt: number;
  /**
   * Where a queue hands out the items: nothing is recorded unless the claim is still valid, and it ends with the commit.
   * Stores without a queue ignore it. @default recorded, whichever process works on the item
   */
  readonly claim?: ItemClaim | undefined;
}

export interface Page<T> {
  readonly entries: readonly T[];
  /** Pass it as `after` for the next page; `null` on the last one. */
  readonly next: number | null;
}

export interface PageRequest {
  /** @default from the beginning */
  readonly after?: number | undefined;
  /** 1 or more. @default 500 */
  readonly limit?: number | undefined;
}

export interface ResultsRequest extends PageRequest {
  /** From the last recorded to the first; `after` then means before. @default false */
  readonly newestFirst?: boolean | undefined;
}

export interface ItemsRequest extends PageRequest {
  /** @default items of every status */
  readonly status?: TaskItemStatus | undefined;
  /** Only these; keys of no item are ignored. @default all */
  readonly itemKeys?: readonly string[] | undefined;
}

export interface ResetRequest {
  /** Only these; keys of other items, or of items that have not failed, change nothing. @default all that failed */
  readonly itemKeys?: readonly string[] | undefined;
}

export interface Transition {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Stored with the task; entering `running` clears it. @default null */
  readonly errorMessage?: string | null | undefined;
  /** Only if the task has not been changed since it was at this revision. @default whatever has changed */
  readonly revision?: number | undefined;
  /** Narrows `TRANSITIONS`: only from these. @default all that `TRANSITIONS` allows */
  readonly from?: readonly TaskStatus[] | undefined;
}

export interface TaskFilter {
  /** Only these tasks; ids of no task are ignored. */
  readonly taskIds?: readonly string[] | undefined;
  readonly taskKey?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly statuses?: readonly TaskStatus[] | undefined;
  /** Only tasks of that job. */
  readonly job?: string | undefined;
  /** @default 100 */
  readonly limit?: number | undefined;
}

export interface SummariesRequest extends TaskFilter {
  /** The `next` of the page before. @default from the newest task */
  readonly after?: string | undefined;
  /** Only tasks that finished before, epoch milliseconds. @default all, also those that are not finished */
  readonly finishedBefore?: number | undefined;
  /**
   * Members of the parameters to read, as dotted paths of letters, digits, `_` and `-`: `model`,
   * `questionnaire.title`. @default none
   */
  readonly params?: readonly string[] | undefined;
}

export interface SummaryPage {
  readonly entries: readonly TaskSummary[];
  /** Pass it as `after` for the next page; `null` on the last one. */
  readonly next: string | null;
}

export interface DeleteRequest {
  /** Only if it finished before, epoch milliseconds. @default whenever it finished */
  readonly finishedBefore?: number | undefined;
}

export interface LeaseRequest {
  readonly owner: string;
  readonly ttlMs: number;
  /** Epoch milliseconds. A store that several machines share goes by its database's clock instead. */
  readonly now: number;
  /** A lease of this owner may be taken over before it lapses: its process is known to be dead. */
  readonly deadOwner?: string | undefined;
}

/**
 * Stores tasks and their items. Every implementation passes `describeTaskStore` of
 * `@panelist/toolkit/testing`. A promise resolves after what it did is durable. All verbs throw `ToolkitError`:
 * `TASK_NOT_FOUND` for an unknown id, `STORE_CLOSED` after `close`.
 *
 * A write whose answer was lost, as when the connection to a server breaks during the commit, is run again, and finds what
 * it has already done: `create` still says `isNew`; `record` says that nothing was recorded (without an `itemKey` it records
 * twice), `resetFailed` 0; `transition` may throw `ILLEGAL_TRANSITION`, and `delete` `TASK_NOT_FOUND`. A caller for whom
 * that matters reads the task.
 */
export interface TaskStore {
  /**
   * Aborts when what the store writes to was taken away, with the error that says where the data are now. What is
   * under way may still be recorded; nothing more should be started. @default it never is
   */
  readonly lost?: AbortSignal | undefined;
  /**
   * Calls `listener` with the id of each task that any process has created, changed, deleted or recorded a result of;
   * with `undefined` where one may have changed and nobody knows which. A hint: it may be late or missing. Returns what
   * ends it. @default the store doesn't tell
   */
  readonly onChange?: ((listener: (taskId: string | undefined) => void) => () => void) | undefined;
  /**
   * Creates the task, or returns the active one with the same `taskKey` and `fingerprint`. Atomic among any number
   * of callers and processes.
   */
  create(task: NewTask): Promise<{ readonly task: TaskRecord; readonly isNew: boolean }>;
  get(taskId: string): Promise<TaskRecord | undefined>;
  /** The newest active task of that key, or the only one with that fingerprint too. */
  findActive(taskKey: string, fingerprint?: string): Promise<TaskRecord | undefined>;
  /** Newest first, with all their parameters. */
  list(filter?: TaskFilter): Promise<readonly TaskRecord[]>;
  /**
   * Newest first, with only the requested members of their parameters. Pages go by creation: a task that is
   * created or deleted meanwhile moves no other.
   */
  summaries(request?: SummariesRequest): Promise<SummaryPage>;
  /**
   * Moves the task to `to` if `TRANSITIONS` allows it from where it is, else throws `ILLEGAL_TRANSITION`. Entering a
   * finished state clears the lease; entering `running` clears `finishedAt` and `errorMessage`. `startedAt` is set
   * once. Reopening is illegal too while another task with the same `taskKey` and `fingerprint` is active.
   */
  transition(taskId: string, to: TaskStatus, details: Transition): Promise<TaskRecord>;
  /**
   * Changes those settings that are given, also to `null`, and leaves the others; whatever the task's status. Returns
   * the task.
   */
  configure(taskId: string, settings: TaskSettings): Promise<TaskRecord>;
  /**
   * Records a result and the counters in one transaction. `recorded` is false, and nothing changes, when that item
   * already has a result, or its claim was lost. Throws `ILLEGAL_TRANSITION` when the task is not running or paused (a paused task still
   * records what was in flight), `COUNT_EXCEEDED` beyond the total.
   */
  record(
    taskId: string,
    result: NewResult,
  ): Promise<{ readonly recorded: boolean; readonly task: TaskRecord }>;
  /** In the order of recording, or backwards. */
  results(taskId: string, page?: ResultsRequest): Promise<Page<TaskResult>>;
  /** `results` without what was recorded, in the order of recording. */
  outcomes(taskId: string, page?: PageRequest): Promise<Page<ItemOutcome>>;
  /** The items that were given at creation, in that order, all or those of one status. Pages go by position. */
  items(taskId: string, page?: ItemsRequest): Promise<Page<TaskItemRecord>>;
  /** The item with that key; `undefined` where the task was given none. */
  item(taskId: string, key: string): Promise<TaskItemRecord | undefined>;
  /**
   * Takes back the failed results of items that were given at creation, so that they are pending again; returns how
   * many.
   */
  resetFailed(taskId: string, request?: ResetRequest): Promise<number>;
  /** Acquires the lease if it is free, expired, ours, or of `deadOwner`; returns whether it is ours now. */
  acquireLease(taskId: string, request: LeaseRequest): Promise<boolean>;
  /** Releases the lease if `owner` has it. */
  releaseLease(taskId: string, owner: string): Promise<void>;
  /**
   * Deletes a finished task with its items and results, all or nothing; returns whether it did, which it did not where
   * the request excludes it. Throws `ILLEGAL_TRANSITION` for a task that is not finished.
   */
  delete(taskId: string, request?: DeleteRequest): Promise<boolean>;
  close(): Promise<void>;
}
