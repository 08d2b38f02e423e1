import { expect, it } from 'vitest';
import { closestTo, didYouMean } from './did-you-mean.ts';

const known = ['rounds', 'replyWords', 'seed', 'model'];

it.each([
  ['round', 'rounds'],
  ['reply_words', 'replyWords'],
  ['REPLYWORDS', 'replyWords'],
  ['sed', 'seed'],
  ['models', 'model'],
])('takes %j for %j', (word, expected) => {
  expect(closestTo(word, known)).toBe(expected);
});

it.each(['x', '', 'sd', 'participants', 'roundabouts and more', 'r'.repeat(100_000)])(
  'finds no match for %j',
  (word) => {
    expect(closestTo(word, known)).toBeUndefined();
    expect(didYouMean(word, known)).toBe('');
  },
);

it('forms a question that follows another sentence', () => {
  expect(didYouMean('round', known)).toBe(' Did you mean "rounds"?');
});
