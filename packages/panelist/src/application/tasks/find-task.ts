import { quote, type TaskRecord, type TaskStore } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import { checkTaskId } from '../../stored/stored-row.ts';
import { SURVEY_JOB } from '../../survey/survey-task.ts';
import type { Workspace } from '../open-workspace.ts';

/** Refers to the newest task. */
export const LAST = 'last';

/** All ids begin with it; a reference may leave it out. */
const PREFIX = 'task_';
/** How many of the newest tasks are searched for an id's beginning. */
const MAX_SEARCHED = 10_000;
const MAX_LISTED = 5;

/**
 * @param reference a task's id, a beginning that no other id has, or `last`
 * @param job only tasks of this job are found by a beginning or by `last`. @default any
 * @throws PanelistError `TASK_NOT_FOUND`, or `TASK_AMBIGUOUS` for a beginning that several ids have
 */
export async function findTask(
  { tasks: { store } }: Pick<Workspace, 'tasks'>,
  reference: string,
  job?: string,
): Promise<TaskRecord> {
  const task = (await store.get(reference)) ?? (await taskBeginningWith(store, reference, job));
  checkTaskId(task.taskId);
  return task;
}

/** `findTask` among surveys and polls: the tasks that have answers. */
export function findSurveyTask(workspace: Pick<Workspace, 'tasks'>, reference: string): Promise<TaskRecord> {
  return findTask(workspace, reference, SURVEY_JOB);
}

async function taskBeginningWith(
  store: TaskStore,
  reference: string,
  job: string | undefined,
): Promise<TaskRecord> {
  const isLast = reference === LAST;
  const { entries } = await store.summaries({ job, limit: isLast ? 1 : MAX_SEARCHED });
  const matching = isLast ? entries : entries.filter(({ taskId }) => beginsWith(taskId, reference));
  if (matching.length > 1) {
    const ids = matching.slice(0, MAX_LISTED).map(({ taskId }) => taskId);
    const more = matching.length > ids.length ? ` and ${matching.length - ids.length} more` : '';
    throw new PanelistError(
      'TASK_AMBIGUOUS',
      `${matching.length} tasks begin with ${quote(reference)}: ${ids.join(', ')}${more}. Give more of the id.`,
    );
  }
  const task = matching[0] && (await store.get(matching[0].taskId));
  if (task !== undefined) return task;
  const what = job === undefined ? 'task' : 'survey';
  throw new PanelistError(
    'TASK_NOT_FOUND',
    isLast
      ? `There is no ${what} in this database yet.`
      : `There is no task ${quote(reference)} in this database.`,
    isLast ? {} : { data: { reason: 'task-not-found' } },
  );
}

function beginsWith(taskId: string, reference: string): boolean {
  return reference !== '' && (taskId.startsWith(reference) || taskId.startsWith(PREFIX + reference));
}
