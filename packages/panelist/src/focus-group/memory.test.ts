import { TaskManager } from '@panelist/toolkit';
import { expect, it, vi } from 'vitest';
import { batchGenerateResponses } from './batch-generate-responses.ts';
import { runFocusGroup } from './run-focus-group.ts';
import { groupModel, groupRunner, guideOf, people } from './testing/build-group.ts';

it('is read once for a live message, however many rounds the group has had', async () => {
  const tasks = new TaskManager();
  const model = groupModel(({ name, message }) => `${name} on ${message}`);
  const runner = groupRunner(model, tasks);
  const rounds = ['Soup?', 'Salad?', 'Bread?', 'Cheese?'].map((message) => ({ message }));
  const { transcript } = await runFocusGroup(guideOf({ rounds }), {
    runner,
    focusGroupId: 'lunch',
    audience: people,
  });
  const list = vi.spyOn(tasks.store, 'list');
  const items = vi.spyOn(tasks.store, 'items');
  await batchGenerateResponses('lunch', 'all', 'And now?', { runner });
  // Once to plan the turn, once after it was submitted: another process may have submitted one too.
  expect(list).toHaveBeenCalledTimes(2);
  for (const { taskId } of transcript.rounds)
    expect(items.mock.calls.filter(([id]) => id === taskId)).toHaveLength(1);
  expect(model.asked.at(-1)?.user).toContain('Host: Soup?\nAda: Ada on Soup?');
});
