import { TaskManager } from '@panelist/toolkit';
import { expect, it } from 'vitest';
import type { ModeratorGuide } from '../guide/guide.ts';
import { readGroup } from '../history.ts';
import { runFocusGroup } from '../run-focus-group.ts';
import { type Asked, groupModel, groupRunner, guideOf, people } from '../testing/build-group.ts';

interface Action {
  readonly action: string;
  readonly participant?: string;
  readonly message?: string;
}

/** Runs a group whose moderator does these things in order and then moves on. */
async function moderated(
  actions: readonly (Action | string)[],
  guide: ModeratorGuide = {},
  tasks = new TaskManager(),
) {
  const left = [...actions];
  const isModeration = ({ request }: Asked): boolean => request.replySchema?.name === 'moderator_action';
  const model = groupModel((asked) => {
    if (!isModeration(asked)) return `${asked.name} on ${asked.message}`;
    const next = left.shift() ?? { action: 'move_on' };
    return typeof next === 'string' ? next : JSON.stringify({ participant: '', message: '', ...next });
  });
  const runner = groupRunner(model, tasks);
  const { transcript } = await runFocusGroup(guideOf({ moderator: guide }), {
    runner,
    focusGroupId: 'lunch',
    audience: people,
  });
  const steps = (await readGroup(tasks, 'lunch')).turns.map(({ step }) => step);
  return { transcript, steps, decisions: model.asked.filter(isModeration), asked: model.asked };
}

it('probes one, asks all, and sums up for all to hear, then moves on', async () => {
  const { transcript } = await moderated(
    [
      { action: 'probe', participant: 'bo', message: 'Why, Bo?' },
      { action: 'ask_all', message: 'Everybody?' },
      { action: 'summarise', message: 'So you like soup.' },
    ],
    { maxActionsPerRound: 3 },
  );
  expect(
    transcript.rounds.map(({ host, step, message, replies }) => [
      host,
      step,
      message,
      replies.map(({ name }) => name).join(),
    ]),
  ).toEqual([
    ['guide', 'round-1', 'What is for lunch?', 'Ada,Bo,Cy'],
    ['moderator', 'round-1/moderator-1/probe', 'Why, Bo?', 'Bo'],
    ['moderator', 'round-1/moderator-2/ask_all', 'Everybody?', 'Ada,Bo,Cy'],
    ['moderator', 'round-1/moderator-3/summarise', 'So you like soup.', ''],
    ['guide', 'round-2', 'And tomorrow?', 'Ada,Bo,Cy'],
  ]);
});

it('knows what was said, what comes next, who is there and how much it may still do', async () => {
  const { decisions } = await moderated([], { instructions: 'Find out about soup.', maxActions: 1 });
  expect(decisions).toHaveLength(2);
  expect(decisions[0]?.user).toContain('Bo: Bo on What is for lunch?');
  expect(decisions[0]?.user).toContain('The guide asks next: And tomorrow?');
  expect(decisions[1]?.user).toContain('The guide asks nothing more.');
  expect(decisions[0]?.system).toContain('Find out about soup.');
  expect(decisions[0]?.system).toContain('You have 1 actions left');
});

it('ends the group', async () => {
  const { transcript } = await moderated([{ action: 'end' }]);
  expect(transcript.rounds.map(({ step }) => step)).toEqual(['round-1']);
});

const all = { action: 'ask_all', message: 'Everybody?' };

it.each([
  ['actions a round', { maxActionsPerRound: 1 }, 2],
  ['actions in all', { maxActionsPerRound: 5, maxActions: 3 }, 3],
  ['tokens', { maxActionsPerRound: 5, maxTokens: 1_000 }, 4],
])('is bounded in %s', async (_, guide, rounds) => {
  const { transcript } = await moderated(
    Array.from({ length: 20 }, () => all),
    guide,
  );
  expect(transcript.rounds.filter(({ host }) => host === 'moderator')).toHaveLength(rounds);
});

it.each([
  ['no JSON', 'I would ask Bo.'],
  ['an action that there is not', { action: 'fire', message: 'Bo, go.' }],
  ['a probe of nobody', { action: 'probe', participant: 'Dee', message: 'Why?' }],
  ['nothing to say', { action: 'ask_all', message: ' ' }],
])('moves on after %s, twice', async (_, reply) => {
  const { transcript, decisions } = await moderated([reply, reply]);
  expect(transcript.rounds.map(({ step }) => step)).toEqual(['round-1', 'round-2']);
  // Once more with the problem, then after the second round.
  expect(decisions.map(({ request }) => request.messages.length)).toEqual([2, 4, 2]);
});

it('does the same when the group is resumed, and decides nothing again', async () => {
  const tasks = new TaskManager();
  const first = await moderated([all, { action: 'move_on' }], {}, tasks);
  const again = await moderated([{ action: 'end' }], {}, tasks);
  expect(again.asked).toEqual([]);
  expect(again.transcript).toEqual(first.transcript);
  expect(again.steps).toEqual(first.steps);
});
