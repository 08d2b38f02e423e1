import type { TaskRecord } from '@panelist/toolkit';
import { isKnownDead } from '@panelist/toolkit';
import { focusGroupOf, groupTaskKey } from '../../focus-group/group.ts';
import type { AskedModel } from '../../models/asked-model.ts';
import { PanelistError } from '../../panelist-error.ts';
import { fits, object, text } from '../../stored/shapes.ts';
import { limitsOf, type RunLimits } from './run-limits.ts';

/** A task as front ends show it. */
export interface RunView {
  readonly taskId: string;
  readonly taskKey: string;
  /** What a survey or a focus group is called, and which of its turns it is. */
  readonly title: string;
  /** `null` for one that asks no model. */
  readonly model: string | null;
  /** Where the model is served, where the task says so. */
  readonly baseUrl: string | null;
  /** As stored, but `interrupted` for a running task that no process runs: it can be resumed. */
  readonly status: string;
  readonly totalCount: number;
  readonly completedCount: number;
  readonly successCount: number;
  readonly failedCount: number;
  /** As they are recorded with the task; `null` where something else has changed the row. */
  readonly limits: RunLimits | null;
  readonly errorMessage: string | null;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export function runView(task: TaskRecord, now: number): RunView {
  const asked = askedModelOf(task);
  const { taskId, taskKey, totalCount, completedCount, successCount, failedCount, errorMessage } = task;
  return {
    taskId,
    taskKey,
    title: titleOf(task),
    model: asked?.model ?? null,
    baseUrl: asked?.baseUrl ?? null,
    status: task.status === 'running' && !isRun(task, now) ? 'interrupted' : task.status,
    totalCount,
    completedCount,
    successCount,
    failedCount,
    limits: limitsIfValid(task),
    errorMessage,
    createdAt: new Date(task.createdAt).toISOString(),
    startedAt: isoTime(task.startedAt),
    finishedAt: isoTime(task.finishedAt),
  };
}

/** Whether a process holds the task. */
export function isRun({ lease }: Pick<TaskRecord, 'lease'>, now: number): boolean {
  return lease !== null && lease.expiresAt > now && !isKnownDead(lease.owner);
}

/** From what the parameters hold: any version of Panelist may have written them. */
function titleOf({ taskParams, taskKey }: TaskRecord): string {
  const params = (taskParams ?? {}) as {
    readonly title?: unknown;
    readonly survey?: unknown;
    readonly questionnaire?: { readonly title?: unknown } | null;
    readonly group?: { readonly title?: unknown } | null;
    readonly step?: unknown;
  };
  const { title, questionnaire, group, survey, step } = params;
  const name = [title, group?.title, questionnaire?.title, survey].find(isTitle) ?? taskKey;
  return focusGroupOf(taskParams) === null || !isTitle(step) ? name : `${name} (${step})`;
}

function isTitle(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** One bad row must not hide the others of a list. */
function limitsIfValid(task: TaskRecord): RunLimits | null {
  try {
    return limitsOf(task);
  } catch (error) {
    if (error instanceof PanelistError) return null;
    throw error;
  }
}

function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

const withModel = object<{ readonly model: string }>({ model: text });
const withAddress = object<{ readonly baseUrl: string }>({ baseUrl: text });

/** The model that a task asks; `null` for one that asks none. */
export function askedModelOf({
  taskParams,
}: {
  readonly taskParams: unknown;
}): Pick<AskedModel, 'model' | 'baseUrl'> | null {
  if (!fits(withModel, taskParams)) return null;
  return { model: taskParams.model, baseUrl: fits(withAddress, taskParams) ? taskParams.baseUrl : null };
}

/** The focus group that a task is a turn of; `null` for one that is none. */
export function groupOfTask({ taskParams }: Pick<TaskRecord, 'taskParams'>): string | null {
  return focusGroupOf(taskParams);
}

/** What a task's spending is counted under: all turns of a focus group together, and each survey alone. */
export function runKeyOf({
  taskId,
  taskParams,
}: {
  readonly taskId: string;
  readonly taskParams: unknown;
}): string {
  const focusGroupId = focusGroupOf(taskParams);
  return focusGroupId === null ? taskId : groupTaskKey(focusGroupId);
}
