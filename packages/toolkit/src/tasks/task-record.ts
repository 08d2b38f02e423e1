/** Anything that survives `JSON.parse(JSON.stringify(value))` unchanged. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * The states of a task. `PENDING`, `RUNNING` and `PAUSED` are active: a second identical submission joins them.
 * `COMPLETED` tasks may have failed results. A `TaskRunner` makes a task `FAILED` when every item failed.
 */
export const TaskStatus = {
  PENDING: 'pending',
  RUNNING: 'running',
  PAUSED: 'paused',
  COMPLETED: 'completed',
  FAILED: 'failed',
  CANCELLED: 'cancelled',
} as const;
export type TaskStatus = (typeof TaskStatus)[keyof typeof TaskStatus];

export const ACTIVE_STATUSES: readonly TaskStatus[] = ['pending', 'running', 'paused'];

export function isActive(status: TaskStatus): boolean {
  return ACTIVE_STATUSES.includes(status);
}

/** From which states a task may enter a state. Entering `running` from a finished state reopens it. */
export const TRANSITIONS: Readonly<Record<TaskStatus, readonly TaskStatus[]>> = {
  pending: [],
  running: ['pending', 'paused', 'completed', 'failed', 'cancelled'],
  paused: ['running'],
  completed: ['running'],
  failed: ['pending', 'running', 'paused'],
  cancelled: ['pending', 'running', 'paused'],
};

export interface Lease {
  readonly owner: string;
  /** Epoch milliseconds after which anybody may take over, by the clock of the process that has read the task. */
  readonly expiresAt: number;
}

/**
 * How a task is to be run. Not part of what makes two tasks the same, and changeable at any time, while the task runs
 * too. Runners respect `maxConcurrency`; other members are for the job.
 */
export interface TaskSettings {
  readonly [name: string]: JsonValue | undefined;
  /** How many of the task's items are worked on at once, at most; 1 or more. @default the runner's */
  readonly maxConcurrency?: number | null | undefined;
}

/** A task as a store keeps it. Times are epoch milliseconds. */
export interface TaskRecord {
  readonly taskId: string;
  readonly taskKey: string;
  readonly fingerprint: string;
  readonly taskParams: JsonValue;
  /** The name of the job that runs the items, for tasks that a runner owns. */
  readonly job: string | null;
  readonly status: TaskStatus;
  /** Grows with every change of the status, the counters or the settings; lease changes do not count. */
  readonly revision: number;
  readonly settings: TaskSettings;
  readonly totalCount: number;
  readonly completedCount: number;
  readonly successCount: number;
  readonly failedCount: number;
  readonly errorMessage: string | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly lease: Lease | null;
}

/** A task without its parameters, which may be megabytes. */
export interface TaskSummary extends Omit<TaskRecord, 'taskParams'> {
  /** Those members of the parameters that were asked for and that there are, by their paths. */
  readonly params: Readonly<Record<string, JsonValue>>;
}

/** One piece of a task's work, known before it starts. `input` is what the job needs to do it. */
export interface TaskItem {
  readonly key: string;
  readonly input: JsonValue;
}

export type TaskItemStatus = 'pending' | 'succeeded' | 'failed';

/** An item with what became of it. `position` is its place in the task, from 0. */
export interface TaskItemRecord extends TaskItem {
  readonly position: number;
  readonly status: TaskItemStatus;
  /** `null` while pending. */
  readonly result: JsonValue;
}

/** One recorded result. `sequence` grows by recording order: it is the task's `revision` when it was recorded. */
export interface TaskResult {
  readonly sequence: number;
  readonly itemKey: string;
  readonly success: boolean;
  /** As it was given; where a `TaskRunner` recorded a failure, a `FailureResult`. */
  readonly result: JsonValue;
  readonly recordedAt: number;
}

/** What became of an item, without what was recorded of it: a result may be kilobytes. */
export type ItemOutcome = Omit<TaskResult, 'result'>;
