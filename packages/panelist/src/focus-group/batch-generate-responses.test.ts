import { TaskManager } from '@panelist/toolkit';
import { expect, it } from 'vitest';
import { batchGenerateResponses } from './batch-generate-responses.ts';
import { readGroup } from './history.ts';
import { runFocusGroup } from './run-focus-group.ts';
import { groupModel, groupRunner, guideOf, people } from './testing/build-group.ts';
import { transcriptOf } from './transcript.ts';

/** A group that is open, and two processes that can speak in it. */
async function openGroup() {
  const tasks = new TaskManager();
  const model = groupModel(({ name, message }) => `${name} on ${message}`);
  const runner = groupRunner(model, tasks);
  await runFocusGroup(guideOf({ rounds: [] }), { runner, focusGroupId: 'lunch', audience: people });
  return { tasks, model, runner, other: groupRunner(model, tasks) };
}

it('gives the task as the guide has it: key, counts and all', async () => {
  const { runner, tasks } = await openGroup();
  const task = await batchGenerateResponses('lunch', ['p1', 'p3'], ' Soup or salad? ', { runner });
  expect(task.round.replies.map(({ name }) => name)).toEqual(['Ada', 'Cy']);
  expect(task).toMatchObject({ taskKey: 'fg_lunch', status: 'completed', totalCount: 2, successCount: 2 });
  const { rounds } = await transcriptOf(tasks, await readGroup(tasks, 'lunch'));
  expect(rounds).toMatchObject([
    {
      step: 'said-1',
      host: 'live',
      message: 'Soup or salad?',
      replies: [{ text: 'Ada on Soup or salad?' }, { text: 'Cy on Soup or salad?' }],
    },
  ]);
});

it('makes one round of the same message sent twice at once, here and from elsewhere', async () => {
  const { runner, other, tasks, model } = await openGroup();
  const sent = await Promise.all([
    batchGenerateResponses('lunch', 'all', 'Soup?', { runner }),
    batchGenerateResponses('lunch', 'all', 'Soup?', { runner }),
    batchGenerateResponses('lunch', ['p3', 'p2', 'p1'], 'Soup?', { runner: other }),
  ]);
  expect(new Set(sent.map(({ taskId }) => taskId)).size).toBe(1);
  expect(model.asked).toHaveLength(3);
  expect((await transcriptOf(tasks, await readGroup(tasks, 'lunch'))).rounds).toHaveLength(1);
});

it('says it again once the first has ended', async () => {
  const { runner, model } = await openGroup();
  const first = await batchGenerateResponses('lunch', 'all', 'Soup?', { runner });
  const second = await batchGenerateResponses('lunch', 'all', 'Soup?', { runner });
  expect(second.taskId).not.toBe(first.taskId);
  expect(model.asked).toHaveLength(6);
  expect(model.asked.at(-1)?.user).toContain('Host: Soup?\nAda: Ada on Soup?');
});

it('makes two rounds of two messages sent at once, one after the other', async () => {
  const { runner, other, tasks, model } = await openGroup();
  await Promise.all([
    batchGenerateResponses('lunch', 'all', 'Soup?', { runner }),
    batchGenerateResponses('lunch', 'all', 'Salad?', { runner: other }),
  ]);
  const { rounds } = await transcriptOf(tasks, await readGroup(tasks, 'lunch'));
  expect(rounds.map(({ round }) => round)).toEqual([1, 2]);
  const second = model.asked.filter(({ message }) => message === rounds[1]?.message);
  for (const { user } of second) expect(user).toContain(`Host: ${rounds[0]?.message}\nAda: `);
});

it.each([
  ['a stimulus', { stimulus: 'A bowl of soup.' }],
  ['another mode', { mode: 'in-turn' as const }],
  ['another length', { replyWords: 20 }],
])('makes two rounds of one message sent at once with and without %s', async (_, asked) => {
  const { runner, other, tasks } = await openGroup();
  const sent = await Promise.all([
    batchGenerateResponses('lunch', 'all', 'Soup?', { runner }),
    batchGenerateResponses('lunch', 'all', 'Soup?', { runner: other, ...asked }),
  ]);
  expect(sent[1].taskId).not.toBe(sent[0].taskId);
  expect((await transcriptOf(tasks, await readGroup(tasks, 'lunch'))).rounds).toHaveLength(2);
});

it('makes one round of a message with and without what the group has by default', async () => {
  const { runner, other, tasks } = await openGroup();
  const { replyWords } = (await readGroup(tasks, 'lunch')).group;
  const sent = await Promise.all([
    batchGenerateResponses('lunch', 'all', 'Soup?', { runner }),
    batchGenerateResponses('lunch', 'all', 'Soup?', { runner: other, mode: 'simultaneous', replyWords }),
  ]);
  expect(sent[1].taskId).toBe(sent[0].taskId);
});

it('finds no turn of the guide changed by what was said in between', async () => {
  const { runner, tasks } = await openGroup();
  await batchGenerateResponses('lunch', 'all', 'Soup?', { runner });
  const again = await runFocusGroup(guideOf({ rounds: [] }), {
    runner,
    focusGroupId: 'lunch',
    audience: people,
  });
  expect(again.transcript.rounds).toHaveLength(1);
  expect((await readGroup(tasks, 'lunch')).turns.map(({ step }) => step)).toEqual(['opening', 'said-1']);
});

it.each([
  ['nowhere', 'all' as const, 'Hi', 'GROUP_NOT_FOUND'],
  ['lunch', ['p9'], 'Hi', 'GUIDE_INVALID'],
  ['lunch', [], 'Hi', 'GUIDE_INVALID'],
  ['lunch', 'all' as const, ' \n', 'USAGE'],
  ['lunch', 'all' as const, 'a'.repeat(4_001), 'USAGE'],
])('refuses to say to %s, %j: %j', async (group, ids, message, code) => {
  const { runner, model } = await openGroup();
  await expect(batchGenerateResponses(group, ids, message.slice(0, 5_000), { runner })).rejects.toMatchObject(
    { code },
  );
  expect(model.asked).toEqual([]);
});

it('leaves tasks alone that somebody else made under the same key, by the guide’s own example', async () => {
  const { runner, tasks } = await openGroup();
  await tasks.getOrCreateTask({
    taskKey: 'fg_lunch',
    taskParams: { focus_group_id: 'lunch' },
    totalCount: 3,
  });
  const task = await batchGenerateResponses('lunch', 'all', 'Soup?', { runner });
  expect(task.successCount).toBe(3);
});
