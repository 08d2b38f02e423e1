import fc from 'fast-check';
import { expect, it } from 'vitest';
import { chooseParticipants } from '../participant.ts';
import { people } from '../testing/build-group.ts';
import type { TranscriptRound } from '../transcript.ts';
import { chooseSpeakers } from './speakers.ts';

const group = {
  participants: chooseParticipants({}, people),
  rounds: [] as TranscriptRound[],
  seed: 1,
  groupId: 'g',
};
const names = (...args: Parameters<typeof chooseSpeakers>): string[] =>
  chooseSpeakers(...args).map(({ name }) => name);

it.each([
  ['all' as const, ['Ada', 'Bo', 'Cy']],
  [{ ids: ['p3', 'p1'] }, ['Ada', 'Cy']],
  [{ where: '{age} > 30' }, ['Ada', 'Bo']],
  [{ where: "{diet} = 'vegan' and {age} < 30" }, ['Cy']],
])('%j are %j', (rule, expected) => {
  expect(names(rule, 'simultaneous', group, 'round-1')).toEqual(expected);
});

it('lets the quietest speak: those who have said the fewest words', () => {
  const said = (participantId: string, name: string, words: number) =>
    ({ participantId, name, status: 'replied', words }) as TranscriptRound['replies'][number];
  const rounds = [
    { replies: [said('p1', 'Ada', 90), said('p2', 'Bo', 20), said('p3', 'Cy', 50)] },
  ] as unknown as TranscriptRound[];
  expect(names({ quietest: 2 }, 'simultaneous', { ...group, rounds }, 'round-2')).toEqual(['Bo', 'Cy']);
});

it('draws by seed and step: the same again for the same, so many, nobody twice', () => {
  fc.assert(
    fc.property(
      fc.nat(1_000),
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('simultaneous' as const, 'in-turn' as const),
      (seed, random, mode) => {
        const drawn = names({ random }, mode, { ...group, seed }, 'round-1');
        expect(drawn).toHaveLength(Math.min(random, 3));
        expect(new Set(drawn).size).toBe(drawn.length);
        expect(names({ random }, mode, { ...group, seed }, 'round-1')).toEqual(drawn);
      },
    ),
  );
  const firsts = Array.from(
    { length: 60 },
    (_, seed) => names({ random: 1 }, 'simultaneous', { ...group, seed }, 'round-1')[0],
  );
  for (const name of ['Ada', 'Bo', 'Cy'])
    expect(firsts.filter((first) => first === name).length).toBeGreaterThan(8);
});

it('says who is not there, and that nobody fits', () => {
  expect(() => names({ ids: ['p9'] }, 'simultaneous', group, 'round-1')).toThrow(/no participant "p9"/);
  expect(() => names({ where: '{age} > 99' }, 'simultaneous', group, 'round-1')).toThrow(
    /Nobody in the group fits/,
  );
});

it('calls people by their name, however the persona has it', () => {
  const called = chooseParticipants({}, [
    { id: 'a', persona: { Name: 'Ada' } },
    { id: 'b', persona: { first_name: 'Bo', last_name: 'Berg' } },
    { id: 'c', persona: { firstName: 'Cy' } },
    { id: 'd', persona: { 姓名: '丁一' } },
    { id: 'e', persona: { name: ' ', age: '3' } },
    { id: '0023952f-142e-434b-82e2-7a7451b7c55f', persona: {} },
  ]);
  expect(called.map(({ name }) => name)).toEqual(['Ada', 'Bo Berg', 'Cy', '丁一', 'e', 'P6']);
});

it('tells two of one name apart, and nobody from the host', () => {
  const duplicates = chooseParticipants({}, [
    { id: 'a', persona: { name: 'Ada: the first' } },
    { id: 'b', persona: { name: 'Ada: the first' } },
    { id: 'c', persona: {} },
    { id: 'd', persona: { name: 'HOST' } },
    { id: 'e', persona: { name: 'Bo' } },
    { id: 'f', persona: { name: 'bo' } },
  ]);
  expect(duplicates.map(({ name }) => name)).toEqual([
    ...['Ada the first (a)', 'Ada the first (b)', 'c', 'HOST (d)', 'Bo (e)', 'bo (f)'],
  ]);
});
