import { TaskManager } from '@panelist/toolkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { SURVEY_JOB } from '../../survey/survey-task.ts';
import { findSurveyTask, findTask } from './find-task.ts';

let workspace: { readonly tasks: TaskManager };

beforeEach(async () => {
  const tasks = new TaskManager();
  workspace = { tasks };
  for (const [at, [taskId, job]] of [
    ['task_aab1', SURVEY_JOB],
    ['task_aab2', 'focus-group-round'],
    ['task_abc', SURVEY_JOB],
    ['task_b', 'focus-group-round'],
  ].entries() as Iterable<[number, [string, string]]>)
    await tasks.store.create({
      ...{ taskId, job, taskKey: taskId, fingerprint: taskId, taskParams: {}, totalCount: 0 },
      createdAt: at,
    });
});

describe('a task', () => {
  it.each([
    ['task_aab1', 'task_aab1'],
    ['task_aab2', 'task_aab2'],
    ['task_ab', 'task_abc'],
    ['ab', 'task_abc'],
    ['last', 'task_b'],
  ])('called %s is %s', async (reference, taskId) => {
    expect(await findTask(workspace, reference)).toMatchObject({ taskId });
  });

  it.each([
    ['last', 'task_abc'],
    ['aab', 'task_aab1'],
    ['task_b', 'task_b'],
  ])('with answers called %s is %s', async (reference, taskId) => {
    expect(await findSurveyTask(workspace, reference)).toMatchObject({ taskId });
  });

  it('is rejected if several match', async () => {
    await expect(findTask(workspace, 'aab')).rejects.toMatchObject({
      code: 'TASK_AMBIGUOUS',
      message: '2 tasks begin with "aab": task_aab2, task_aab1. Give more of the id.',
    });
  });

  it.each(['', 'task_c', 'ask_b', 'LAST'])('is not found as %j', async (reference) => {
    await expect(findTask(workspace, reference)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  it('is not found in a new database', async () => {
    await expect(findSurveyTask({ tasks: new TaskManager() }, 'last')).rejects.toMatchObject({
      code: 'TASK_NOT_FOUND',
      message: 'There is no survey in this database yet.',
    });
  });
});
