import { expect, it } from 'vitest';
import { questionnaire, single } from '../../survey/testing/build-questionnaire.ts';
import { recordOutcome, surveyTask } from './testing/survey-task.ts';
import { Timelines } from './timeline.ts';

const survey = questionnaire([single('where')]);
const answered = { where: { status: 'answered', value: 'Yes' } } as const;
const failed = { error: 'no' };

async function setUp(count: number) {
  const people = Array.from({ length: count }, (_, index) => ({ id: `p${index}`, outcome: null }));
  const { tasks, taskId } = await surveyTask(survey, people);
  const end = (index: number, at: number, outcome: typeof answered | typeof failed = answered) =>
    recordOutcome(tasks, taskId, survey, `p${index}`, outcome, at);
  return { tasks, taskId, end, timelines: new Timelines(tasks) };
}

it('counts what succeeded and what failed in each second, and goes on with what is recorded later', async () => {
  const { taskId, end, timelines } = await setUp(6);
  expect(await timelines.of({ taskId })).toMatchObject({ from: null, succeeded: [], failed: [] });
  await end(0, 10_400);
  await end(1, 10_900, failed);
  await end(2, 12_000);
  const expected = { from: 10_000, intervalMs: 1_000, succeeded: [1, 0, 1], failed: [1, 0, 0] };
  expect(await timelines.of({ taskId })).toMatchObject(expected);
  await end(3, 11_500);
  await end(4, 13_000, failed);
  expect(await timelines.of({ taskId })).toMatchObject({ succeeded: [1, 1, 1, 0], failed: [1, 0, 0, 1] });
});

it('has at most 300 intervals, however long the run', async () => {
  const { taskId, end, timelines } = await setUp(700);
  for (let index = 0; index < 700; index += 1) await end(index, 1_000 + index * 1_000);
  const { succeeded, intervalMs } = await timelines.of({ taskId });
  expect([succeeded.length, intervalMs]).toEqual([175, 4_000]);
  expect(succeeded.every((count) => count === 4)).toBe(true);
});

it('notices that failed results were taken back', async () => {
  const { tasks, taskId, end, timelines } = await setUp(3);
  await end(0, 1_000);
  await end(1, 1_100, failed);
  expect(await timelines.of({ taskId })).toMatchObject({ succeeded: [1], failed: [1] });
  await tasks.resetFailed(taskId);
  expect(await timelines.of({ taskId })).toMatchObject({ succeeded: [1], failed: [0] });
  await end(1, 5_000);
  expect(await timelines.of({ taskId })).toMatchObject({
    succeeded: [1, 0, 0, 0, 1],
    failed: [0, 0, 0, 0, 0],
  });
});
