import { TaskManager, type TaskRecord } from '@panelist/toolkit';
import { expect, it, vi } from 'vitest';
import { questionnaire, text } from '../../survey/testing/build-questionnaire.ts';
import { AnswerIndex } from './answer-index.ts';
import { AnswerIndexes, type AnswerIndexesOptions } from './answer-indexes.ts';
import { surveyTask } from './testing/survey-task.ts';

const survey = questionnaire([text('why')]);
const people = ['a', 'b', 'c'].map((id) => ({
  id,
  outcome: { why: { status: 'answered' as const, value: id } },
}));
const now = { waitMs: 0 };
const later = { waitMs: 60_000 };

/** Tasks whose items come only when `release` is called, but for the first of each. */
async function setUp(count: number, options: AnswerIndexesOptions) {
  const tasks = new TaskManager();
  const records: TaskRecord[] = [];
  for (let each = 0; each < count; each += 1)
    records.push(await (await surveyTask(survey, people, tasks)).record());
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  /** How many items were read of each task. */
  const read = new Map<string, number>();
  let scans = 0;
  let mostScans = 0;
  const items = tasks.items.bind(tasks);
  vi.spyOn(tasks, 'items').mockImplementation(async function* (taskId, request) {
    scans += 1;
    mostScans = Math.max(mostScans, scans);
    try {
      for await (const item of items(taskId, request)) {
        read.set(taskId, (read.get(taskId) ?? 0) + 1);
        yield item;
        begun.resolve();
        await gate.promise;
      }
    } finally {
      scans -= 1;
    }
  });
  return {
    indexes: new AnswerIndexes(tasks, options),
    records,
    release: gate.resolve,
    begun: begun.promise,
    readOf: ({ taskId }: TaskRecord) => read.get(taskId) ?? 0,
    mostScans: () => mostScans,
  };
}

it('scans one task after the other, and none that is dropped while it waits', async () => {
  const { indexes, records, release, begun, readOf, mostScans } = await setUp(5, { mostKept: 2 });
  for (const record of records) expect(await indexes.of(record, now)).toMatchObject({ total: 3 });
  await begun;
  release();
  const last = records.at(-1) as TaskRecord;
  expect(await indexes.of(last, later)).toMatchObject({ rows: 3 });
  // The first was being scanned when the others came: it got ready.
  expect(records.map(readOf)).toEqual([3, 0, 0, 0, 3]);
  expect(indexes.existing(records[0]!.taskId)).toMatchObject({ rows: 3 });
  expect(mostScans()).toBe(1);
});

it('ends the scan of a task that has to go, and tells who waits for it that it is not ready', async () => {
  const { indexes, records, release, begun, readOf } = await setUp(2, { mostBytes: 0 });
  const [first, second] = records as [TaskRecord, TaskRecord];
  const waiting = indexes.of(first, later);
  await begun;
  indexes.prepare(second);
  release();
  expect(await waiting).toEqual({ done: 1, total: 3 });
  expect(await indexes.of(second, later)).toBeInstanceOf(AnswerIndex);
  // The second was read before the first was seen to be dropped.
  expect(readOf(first)).toBe(2);
  expect(readOf(second)).toBe(3);
  expect(await indexes.of(first, later)).toMatchObject({ rows: 3 });
});

it('goes on with the next task after a scan that failed', async () => {
  const { indexes, records, release } = await setUp(2, {});
  const [first, second] = records as [TaskRecord, TaskRecord];
  release();
  const broken = { ...first, taskId: 'task_none' };
  await Promise.all([
    expect(indexes.of(broken, later)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' }),
    expect(indexes.of(second, later)).resolves.toMatchObject({ rows: 3 }),
  ]);
});
