import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import {
  isActive,
  type Lease,
  type TaskRecord,
  type TaskSettings,
  type TaskStatus,
  TRANSITIONS,
} from './task-record.ts';
import type { DeleteRequest, LeaseRequest, NewTask, Transition } from './task-store.ts';

/** What every store does to a task, so that stores differ only in how they keep it. */

export function newRecord(task: NewTask): TaskRecord {
  const { taskId, taskKey, fingerprint, taskParams, job, totalCount, createdAt, settings = {} } = task;
  return {
    taskId,
    taskKey,
    fingerprint,
    taskParams,
    job,
    status: 'pending',
    revision: 0,
    settings: merged({}, settings),
    totalCount,
    completedCount: 0,
    successCount: 0,
    failedCount: 0,
    errorMessage: null,
    createdAt,
    startedAt: null,
    finishedAt: null,
    lease: null,
  };
}

/** @throws ToolkitError `ILLEGAL_TRANSITION` */
export function transitioned(
  task: TaskRecord,
  to: TaskStatus,
  { at, errorMessage = null, from, revision = task.revision }: Transition,
): TaskRecord {
  if (revision !== task.revision) {
    throw new ToolkitError(
      'ILLEGAL_TRANSITION',
      `Task ${quote(task.taskId)} was changed after it was read (revision ${revision}, now ${task.revision}). Read it again.`,
    );
  }
  if (!TRANSITIONS[to].includes(task.status) || from?.includes(task.status) === false) {
    throw new ToolkitError(
      'ILLEGAL_TRANSITION',
      `Task ${quote(task.taskId)} cannot go from ${task.status} to ${to}. ${wayOut(task.status)}`,
    );
  }
  const entersRunning = to === 'running';
  return {
    ...task,
    status: to,
    revision: task.revision + 1,
    errorMessage: entersRunning ? null : errorMessage,
    startedAt: task.startedAt ?? (entersRunning ? at : null),
    finishedAt: isActive(to) ? null : at,
    lease: isActive(to) ? task.lease : null,
  };
}

/** The task with those settings changed; the same task where none differs. */
export function configured(task: TaskRecord, settings: TaskSettings): TaskRecord {
  const next = merged(task.settings, settings);
  if (JSON.stringify(next) === JSON.stringify(task.settings)) return task;
  return { ...task, revision: task.revision + 1, settings: next };
}

/** Without members that are `undefined`, which JSON would lose. */
function merged(settings: TaskSettings, changes: TaskSettings): TaskSettings {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...settings, ...Object.fromEntries(given) };
}

/** Whether results are recorded: a paused task still gets those of what was in flight. */
function takesResults({ status }: Pick<TaskRecord, 'status'>): boolean {
  return status === 'running' || status === 'paused';
}

/** The task with one more result. @throws ToolkitError `ILLEGAL_TRANSITION`, `COUNT_EXCEEDED` */
export function withResult(task: TaskRecord, success: boolean): TaskRecord {
  if (!takesResults(task)) {
    throw new ToolkitError(
      'ILLEGAL_TRANSITION',
      `Task ${quote(task.taskId)} takes no results: it is ${task.status}. ${wayOut(task.status)}`,
    );
  }
  if (task.completedCount >= task.totalCount) {
    throw new ToolkitError(
      'COUNT_EXCEEDED',
      `Task ${quote(task.taskId)} already has all ${task.totalCount} results. Create it with a larger totalCount, or give each result its itemKey so that a repeated one is recognised.`,
    );
  }
  return {
    ...task,
    revision: task.revision + 1,
    completedCount: task.completedCount + 1,
    successCount: task.successCount + (success ? 1 : 0),
    failedCount: task.failedCount + (success ? 0 : 1),
  };
}

/** The task after `count` of its failed results were taken back. */
export function withoutFailed(task: TaskRecord, count: number): TaskRecord {
  return {
    ...task,
    revision: task.revision + 1,
    completedCount: task.completedCount - count,
    failedCount: task.failedCount - count,
  };
}

/** The lease that `request` gets, or `undefined` while another owner has it. */
export function grantedLease(held: Lease | null, request: LeaseRequest): Lease | undefined {
  const { owner, ttlMs, now, deadOwner } = request;
  const isFree = held === null || held.owner === owner || held.expiresAt <= now || held.owner === deadOwner;
  return isFree ? { owner, expiresAt: now + ttlMs } : undefined;
}

/** Whether the task is to be deleted. @throws ToolkitError `ILLEGAL_TRANSITION` while it is not finished */
export function isDeletable(task: TaskRecord, { finishedBefore }: DeleteRequest): boolean {
  if (isActive(task.status)) {
    throw new ToolkitError(
      'ILLEGAL_TRANSITION',
      `Task ${quote(task.taskId)} is ${task.status}: only a finished task can be deleted. Cancel it first: cancelTask().`,
    );
  }
  return finishedBefore === undefined || (task.finishedAt ?? 0) < finishedBefore;
}

export function taskNotFound(taskId: string): ToolkitError {
  return new ToolkitError(
    'TASK_NOT_FOUND',
    `There is no task ${quote(taskId)}. It may be in another store, or was deleted; listTasks() shows the tasks of this store.`,
  );
}

export function alreadyActive(task: TaskRecord, activeTaskId: string): ToolkitError {
  return new ToolkitError(
    'ILLEGAL_TRANSITION',
    `Task ${quote(task.taskId)} cannot be reopened: ${quote(activeTaskId)}, with the same key and parameters, is active. Finish or cancel that one first.`,
  );
}

export function storeClosed(): ToolkitError {
  return new ToolkitError('STORE_CLOSED', 'The store is closed. Open it again to go on.');
}

function wayOut(status: TaskStatus): string {
  if (status === 'pending') return 'Start it first: startTask().';
  if (status === 'paused') return 'Resume it first: resumeTask().';
  if (status === 'running') return 'It is running already.';
  return 'It is finished; reopenTask() makes it run again.';
}
