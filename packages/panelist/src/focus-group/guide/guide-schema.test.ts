import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { guideOf } from '../testing/build-group.ts';
import { guideJsonSchema, parseGuide } from './guide-schema.ts';

it('is published as it is checked', async () => {
  const file = new URL('../../../focus-group-guide.schema.json', import.meta.url);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(guideJsonSchema());
});

it.each([
  ['title', { title: '' }],
  ['language', { language: 'English' }],
  ['participants.where', { participants: { where: '{age} >' } }],
  ['participants.limit', { participants: { limit: 0 } }],
  ['temperature', { temperature: 3 }],
  ['rounds[0].speakers', { rounds: [{ message: 'Hi', speakers: 'some' }] }],
  ['rounds[0].mode', { rounds: [{ message: 'Hi', mode: 'at-once' }] }],
  ['rounds[0].replyWords', { rounds: [{ message: 'Hi', replyWords: 1 }] }],
  ['rounds[1].followUps[0]', { rounds: [{ message: 'Hi' }, { message: 'Ho', followUps: [{}] }] }],
  ['moderator.maxActions', { moderator: { maxActions: 0 } }],
  ['poll', { poll: { before: true } }],
  ['round: There is no such field. Did you mean "rounds"?', { round: [] }],
  [
    'rounds[0].mode: Expected "simultaneous" or "in-turn", got "inturn". Did you mean "in-turn"?',
    { rounds: [{ message: 'Hi', mode: 'inturn' }] },
  ],
  ['rounds[0].mesage: There is no such field. Did you mean "message"?', { rounds: [{ mesage: 'Hi' }] }],
  ['rounds[0].message: It is missing', { rounds: [{ mesage: 'Hi' }] }],
  [
    'rounds[0].followUps[0].mesage: There is no such field. Did you mean "message"?',
    { rounds: [{ message: 'Hi', followUps: [{ mesage: 'Ho' }] }] },
  ],
  [
    'rounds[0].followUps[1]: Expected string or object, got 3',
    { rounds: [{ message: 'Hi', followUps: ['Ho', 3] }] },
  ],
  [
    'moderator.x: There is no such field. Known are: model, instructions, maxActionsPerRound',
    { moderator: { x: 1 } },
  ],
])('names %s as what is wrong', (place, wrong) => {
  expect(() => parseGuide({ ...guideOf(), ...wrong })).toThrow(
    expect.objectContaining({ code: 'GUIDE_INVALID', message: expect.stringContaining(place) }),
  );
});

it.each([[null], ['a guide'], [[]], [{}]])('refuses %j', (value) => {
  expect(() => parseGuide(value)).toThrow(expect.objectContaining({ code: 'GUIDE_INVALID' }));
});
