import { TaskManager } from '@panelist/toolkit';
import { describe, expect, it } from 'vitest';
import { batchGenerateResponses } from '../batch-generate-responses.ts';
import { OPENING_JOB } from '../group.ts';
import { groupOf } from '../guide/group-of-guide.ts';
import { readGroup } from '../history.ts';
import { runFocusGroup } from '../run-focus-group.ts';
import { groupModel, groupRunner, guideOf, people } from '../testing/build-group.ts';
import { transcriptOf } from '../transcript.ts';
import { runRound } from './run-round.ts';
import { type PlannedTurn, TurnRunner } from './run-turn.ts';

const group = groupOf(guideOf({ rounds: [] }), 'lunch', people);
const opening: PlannedTurn = { step: 'opening', job: OPENING_JOB, params: { group }, items: [] };

/** Two processes on one database. */
function twoProcesses() {
  const tasks = new TaskManager();
  const model = groupModel(({ name, message }) => `${name} on ${message}`);
  return { tasks, model, one: groupRunner(model, tasks), other: groupRunner(model, tasks) };
}

describe('a turn that another process runs between our look and our submission', () => {
  it('counts once, also where both have ended before either could know', async () => {
    const { tasks, one, other } = twoProcesses();
    const { turn: first } = await new TurnRunner(one, 'lunch').run('opening', async () => {
      await new TurnRunner(other, 'lunch').run('opening', () => opening);
      return opening;
    });
    const { turns } = await readGroup(tasks, 'lunch');
    expect(turns.map(({ step }) => step)).toEqual(['opening']);
    expect(first.task.taskId).toBe(turns[0]?.task.taskId);
  });

  it('is ours where it is the same message, and is heard before ours where it is not', async () => {
    for (const theirs of ['Soup?', 'Salad?']) {
      const { tasks, model, one, other } = twoProcesses();
      await runFocusGroup(guideOf({ rounds: [] }), { runner: one, focusGroupId: 'lunch', audience: people });
      const { list } = tasks.store;
      let looks = 0;
      // The turn is planned from the first look, which is out of date by then.
      tasks.store.list = async (filter) => {
        looks += 1;
        const seen = await list.call(tasks.store, filter);
        if (looks === 1) await batchGenerateResponses('lunch', 'all', theirs, { runner: other });
        return seen;
      };
      await runRound(new TurnRunner(one, 'lunch'), null, { message: 'Soup?', host: 'live' });
      tasks.store.list = list;
      const { rounds } = await transcriptOf(tasks, await readGroup(tasks, 'lunch'));
      const expected = theirs === 'Soup?' ? ['Soup?'] : ['Salad?', 'Soup?'];
      expect(rounds.map(({ message }) => message)).toEqual(expected);
      for (const { replies } of rounds)
        expect(replies.map(({ status }) => status)).toEqual(['replied', 'replied', 'replied']);
      const last = model.asked.filter(({ message }) => message === 'Soup?').at(-1);
      if (theirs === 'Salad?') expect(last?.user).toContain('Host: Salad?\nAda: ');
    }
  });
});

it('says whether a turn was run, joined or found', async () => {
  const { one, other } = twoProcesses();
  const first = new TurnRunner(one, 'lunch');
  expect((await first.run('opening', () => opening)).how).toBe('ran');
  const again = new TurnRunner(other, 'lunch');
  expect((await again.run('opening', () => opening)).how).toBe('found');
  const next = { message: 'Soup?', host: 'live' } as const;
  const hows = await Promise.all(
    [first, again].map(async (turns) => (await runRound(turns, null, next)).how),
  );
  expect(hows.toSorted()).toEqual(['joined', 'ran']);
  expect([first.waitedFor, again.waitedFor]).toEqual([2, 1]);
  const round = { message: 'Salad?', host: 'guide' } as const;
  const ofStep = await Promise.all(
    [first, again].map(async (turns) => (await runRound(turns, 'round-1', round)).how),
  );
  expect(ofStep.toSorted()).toEqual(['joined', 'ran']);
});
