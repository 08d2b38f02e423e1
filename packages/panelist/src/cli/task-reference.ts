import { quote, type TaskRecord } from '@panelist/toolkit';
import type { Argument } from 'commander';
import { createArgument } from 'commander';
import type { Workspace } from '../application/open-workspace.ts';
import { PanelistError } from '../panelist-error.ts';
import { checkTaskId } from '../stored/stored-row.ts';
import { SURVEY_JOB } from '../survey/survey-task.ts';

/** The newest task. */
export const LAST = 'last';

/** All ids begin so, and it may be left out. */
const PREFIX = 'task_';
/** A beginning is looked for among so many of the newest tasks. */
const MAX_SEARCHED = 10_000;
const MAX_LISTED = 5;

/** The argument of every command that takes a task. */
export function taskArgument(): Argument {
  return createArgument(
    '<task-id>',
    `a task's id, a beginning that no other has, or \`${LAST}\` for the newest`,
  );
}

/** @throws PanelistError `TASK_NOT_FOUND`, or `TASK_AMBIGUOUS` for a beginning that several ids have */
export function existingTask(workspace: Pick<Workspace, 'tasks'>, reference: string): Promise<TaskRecord> {
  return taskNamed(workspace, reference, undefined);
}

/** The same for a command on answers: `last` and beginnings are looked for among surveys and polls. */
export function existingSurveyTask(
  workspace: Pick<Workspace, 'tasks'>,
  reference: string,
): Promise<TaskRecord> {
  return taskNamed(workspace, reference, SURVEY_JOB);
}

async function taskNamed(
  workspace: Pick<Workspace, 'tasks'>,
  reference: string,
  job: string | undefined,
): Promise<TaskRecord> {
  const task = await findTask(workspace, reference, job);
  checkTaskId(task.taskId);
  return task;
}

async function findTask(
  { tasks: { store } }: Pick<Workspace, 'tasks'>,
  reference: string,
  job: string | undefined,
): Promise<TaskRecord> {
  const exact = await store.get(reference);
  if (exact !== undefined) return exact;
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
      : `There is no task ${quote(reference)} in this database. \`panelist tasks\` lists those there are.`,
  );
}

function beginsWith(taskId: string, reference: string): boolean {
  return reference !== '' && (taskId.startsWith(reference) || taskId.startsWith(PREFIX + reference));
}
