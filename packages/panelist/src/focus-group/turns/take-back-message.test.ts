import { TaskManager } from '@panelist/toolkit';
import { expect, it } from 'vitest';
import { batchGenerateResponses } from '../batch-generate-responses.ts';
import { readGroup } from '../history.ts';
import { runFocusGroup } from '../run-focus-group.ts';
import { groupModel, groupRunner, guideOf, people } from '../testing/build-group.ts';
import { transcriptOf } from '../transcript.ts';
import { GroupStopped } from './run-turn.ts';
import { takeBackMessage } from './take-back-message.ts';

/** An open group in which those in `silent` do not answer until they are let to. */
async function openGroup(silent: readonly string[]) {
  const tasks = new TaskManager();
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const model = groupModel(async ({ name, message }) => {
    if (silent.includes(name) && message !== 'And now?') {
      asked.resolve();
      await answer.promise;
    }
    return `${name} on ${message}`;
  });
  const runner = groupRunner(model, tasks);
  await runFocusGroup(guideOf({ rounds: [] }), { runner, focusGroupId: 'lunch', audience: people });
  const messages = async (): Promise<string[]> =>
    (await transcriptOf(tasks, await readGroup(tasks, 'lunch'))).rounds.map(({ message }) => message);
  return { tasks, runner, asked: asked.promise, answer: answer.resolve, messages };
}

const everyone = ['Ada', 'Bo', 'Cy'];

it('takes back a message that nobody has answered, so that the next one replaces it', async () => {
  const { runner, asked, answer, messages } = await openGroup(everyone);
  const said = batchGenerateResponses('lunch', 'all', 'Soup?', { runner });
  const outcome = said.catch((error: unknown) => error);
  await asked;
  const taking = takeBackMessage(runner, 'lunch');
  answer();
  expect(await taking).toEqual({ message: 'Soup?' });
  expect(await outcome).toBeInstanceOf(GroupStopped);
  expect(await messages()).toEqual([]);
  const next = await batchGenerateResponses('lunch', 'all', 'And now?', { runner });
  expect(next.round).toMatchObject({ round: 1, message: 'And now?' });
  expect(await messages()).toEqual(['And now?']);
});

it('takes nothing back once somebody has answered, or the round is over', async () => {
  const { tasks, runner, asked, answer, messages } = await openGroup(['Cy']);
  const said = batchGenerateResponses('lunch', 'all', 'Soup?', { runner });
  await asked;
  const history = await readGroup(tasks, 'lunch');
  const taskId = history.turns.at(-1)?.task.taskId as string;
  await expect
    .poll(async () => (await tasks.store.get(taskId))?.successCount, { interval: 1 })
    .toBeGreaterThan(0);
  await expect(takeBackMessage(runner, 'lunch')).rejects.toThrow(
    /Too late to take it back: .* answered already/,
  );
  answer();
  await said;
  await expect(takeBackMessage(runner, 'lunch')).rejects.toMatchObject({ code: 'USAGE' });
  expect(await messages()).toEqual(['Soup?']);
});

it('takes back only what was said live', async () => {
  const tasks = new TaskManager();
  const runner = groupRunner(
    groupModel(() => 'Yes.'),
    tasks,
  );
  await runFocusGroup(guideOf(), { runner, focusGroupId: 'lunch', audience: people });
  await expect(takeBackMessage(runner, 'lunch')).rejects.toThrow('There is no message to take back');
});

it('says nothing at all where it was taken back before its round began', async () => {
  const { runner, messages } = await openGroup([]);
  const abort = new AbortController();
  const said = batchGenerateResponses('lunch', 'all', 'Soup?', { runner, signal: abort.signal });
  abort.abort();
  await expect(said).rejects.toBe(abort.signal.reason);
  expect(await messages()).toEqual([]);
});
