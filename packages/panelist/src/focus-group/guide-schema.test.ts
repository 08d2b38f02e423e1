import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { guideJsonSchema, parseGuide } from './guide-schema.ts';
import { guideOf } from './testing/build-group.ts';

it('is published as it is checked', async () => {
  const file = new URL('../../focus-group-guide.schema.json', import.meta.url);
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
  ['the whole guide', { round: [] }],
])('names %s as what is wrong', (place, wrong) => {
  expect(() => parseGuide({ ...guideOf(), ...wrong })).toThrow(
    expect.objectContaining({ code: 'GUIDE_INVALID', message: expect.stringContaining(place) }),
  );
});

it.each([[null], ['a guide'], [[]], [{}]])('refuses %j', (value) => {
  expect(() => parseGuide(value)).toThrow(expect.objectContaining({ code: 'GUIDE_INVALID' }));
});
