import { expect, it } from 'vitest';
import { writeReplyRequest } from './reply.ts';

const asked = {
  title: 'Lunch',
  language: 'en',
  context: { summary: null, heard: [] },
  own: [],
  message: 'What is for lunch?',
  stimulus: null,
  replyWords: 40,
  before: [],
};

/** The line that names the others, of a group with so many of them. */
function othersLine(count: number): string {
  const others = Array.from({ length: count }, (_, index) => `P${index + 1}`);
  const [system] = writeReplyRequest({ id: 'ada', name: 'Ada', persona: {} }, { ...asked, others });
  return /^The others: (.*)$/m.exec(system?.content ?? '')?.[1] ?? '';
}

it.each([
  [0, 'nobody'],
  [2, 'P1, P2'],
])('names the others of a group with %i of them', (count, line) => {
  expect(othersLine(count)).toBe(line);
});

it('names thirty others of a larger group, and says how many more there are', () => {
  expect(othersLine(30)).toMatch(/^P1, .*, P30$/);
  expect(othersLine(31)).toMatch(/^P1, .*, P30 and 1 more$/);
  expect(othersLine(200)).toMatch(/^P1, .*, P30 and 170 more$/);
});
