import type { Clock } from '../clock/clock.ts';
import type { ResultWindow } from './result-window.ts';
import type { JsonValue, TaskRecord, TaskSettings, TaskStatus } from './task-record.ts';

/** A task as JSON shows it, without its results. Times are ISO 8601 strings. */
export interface TaskSnapshot {
  readonly taskId: string;
  readonly taskKey: string;
  readonly status: TaskStatus;
  readonly totalCount: number;
  readonly completedCount: number;
  readonly successCount: number;
  readonly failedCount: number;
  /** 0 to 100, cut to two decimals, so that 100 means all. */
  readonly progressPercentage: number;
  /** From the first start until it finished, or until now; to the millisecond. */
  readonly elapsedSeconds: number;
  readonly errorMessage: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface TaskJson extends TaskSnapshot {
  /** The most recent, in the order of recording. */
  readonly results: readonly JsonValue[];
  /** Whether there are more results than in `results`; `TaskManager.results` reads all. */
  readonly resultsTruncated: boolean;
}

/** What a manager knows of a task; `Task` shows it. */
export interface TaskState {
  record: TaskRecord;
  readonly results: ResultWindow;
}

/**
 * A live view of a task: it shows what its `TaskManager` has recorded or read since. Obtained from a manager, which
 * hands out one object per task.
 */
export class Task {
  static {
    // Not a method: declarations can't name a registered symbol. Node calls it; other runtimes ignore it.
    Object.defineProperty(Task.prototype, Symbol.for('nodejs.util.inspect.custom'), { value: inspectTask });
  }

  readonly #state: TaskState;
  readonly #clock: Clock;

  /** Managers make tasks: see `TaskManager.getOrCreateTask` and `getTask`. */
  constructor(state: TaskState, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  get taskId(): string {
    return this.#state.record.taskId;
  }

  get taskKey(): string {
    return this.#state.record.taskKey;
  }

  get taskParams(): JsonValue {
    return this.#state.record.taskParams;
  }

  /** MD5 of what makes two requests the same: see `fingerprint`. */
  get fingerprint(): string {
    return this.#state.record.fingerprint;
  }

  /** The name of the job that runs its items; `null` for a task that no runner owns. */
  get job(): string | null {
    return this.#state.record.job;
  }

  get status(): TaskStatus {
    return this.#state.record.status;
  }

  /** How it is to be run: see `TaskManager.configureTask`. */
  get settings(): TaskSettings {
    return this.#state.record.settings;
  }

  get totalCount(): number {
    return this.#state.record.totalCount;
  }

  get completedCount(): number {
    return this.#state.record.completedCount;
  }

  get successCount(): number {
    return this.#state.record.successCount;
  }

  get failedCount(): number {
    return this.#state.record.failedCount;
  }

  /** 0 to 100, cut to two decimals, so that 100 means all. A task without items has 0, and 100 once completed. */
  get progressPercentage(): number {
    return progressPercentage(this.#state.record);
  }

  /** Seconds from the first start until it finished, or until now; 0 before it starts. */
  get elapsedSeconds(): number {
    return elapsedSeconds(this.#state.record, this.#clock);
  }

  /**
   * The most recent results as they were given, in the order of recording: at most `maxResultsInMemory`, good and
   * failed ones alike; `TaskManager.results` says which is which.
   */
  get results(): readonly JsonValue[] {
    return this.#state.results.results;
  }

  /** Whether there are more results than in `results`; `TaskManager.results` reads all. */
  get resultsTruncated(): boolean {
    return this.results.length < this.completedCount;
  }

  /** Why it failed, was cancelled or is paused. */
  get errorMessage(): string | null {
    return this.#state.record.errorMessage;
  }

  get createdAt(): Date {
    return new Date(this.#state.record.createdAt);
  }

  get startedAt(): Date | null {
    return date(this.#state.record.startedAt);
  }

  get finishedAt(): Date | null {
    return date(this.#state.record.finishedAt);
  }

  toJSON(): TaskJson {
    return {
      ...taskSnapshot(this.#state.record, this.#clock),
      results: [...this.results],
      resultsTruncated: this.resultsTruncated,
    };
  }
}

/** What `console.log(task)` prints: no parameters and no results, which may be large or secret. */
function inspectTask(
  this: Task,
  depth: number,
  options: object,
  inspect: (value: unknown, options: object) => string,
): string {
  if (depth < 0) return `[Task ${this.taskId}]`;
  const { taskId, taskKey, status, completedCount, totalCount, failedCount, errorMessage } = this;
  const failed = failedCount === 0 ? '' : `, ${failedCount} failed`;
  const progress = `${completedCount} of ${totalCount} (${this.progressPercentage}%)${failed}`;
  const shown = { taskId, taskKey, status, progress, ...(errorMessage !== null && { errorMessage }) };
  return `Task ${inspect(shown, options)}`;
}

export function taskSnapshot(record: Omit<TaskRecord, 'taskParams'>, clock: Clock): TaskSnapshot {
  return {
    taskId: record.taskId,
    taskKey: record.taskKey,
    status: record.status,
    totalCount: record.totalCount,
    completedCount: record.completedCount,
    successCount: record.successCount,
    failedCount: record.failedCount,
    progressPercentage: progressPercentage(record),
    elapsedSeconds: elapsedSeconds(record, clock),
    errorMessage: record.errorMessage,
    createdAt: new Date(record.createdAt).toISOString(),
    startedAt: date(record.startedAt)?.toISOString() ?? null,
    finishedAt: date(record.finishedAt)?.toISOString() ?? null,
  };
}

function progressPercentage({
  status,
  totalCount,
  completedCount,
}: Pick<TaskRecord, 'status' | 'totalCount' | 'completedCount'>): number {
  if (totalCount === 0) return status === 'completed' ? 100 : 0;
  return Math.floor((completedCount * 10_000) / totalCount) / 100;
}

function elapsedSeconds(
  { startedAt, finishedAt }: Pick<TaskRecord, 'startedAt' | 'finishedAt'>,
  clock: Clock,
): number {
  if (startedAt === null) return 0;
  return Math.max(0, Math.round((finishedAt ?? clock.now()) - startedAt)) / 1_000;
}

function date(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
