import { describe, expect, it } from 'vitest';
import { promptLimits } from './prompt-limits.ts';

const page = `Your habits
q1. How many cups do you drink?
  Give a whole number from 0 to 20.
q2 (optional). What do you like?
  Choose 1 to 3 or none, as a list:
  - At most 5 characters
  - Tea
q3. Say why
  Answer in a few words, at most 80 characters.
q4. Which colour?
  Choose one:
  - Red`;

describe('promptLimits', () => {
  it.each([
    ['How many cups do you drink?', { minimum: 0, maximum: 20 }],
    ['What do you like?', { minItems: 1, maxItems: 3 }],
    ['Say why', { maxLength: 80 }],
    ['Which colour?', {}],
    ['Not asked', {}],
    ['', {}],
  ])('reads what is said of %j and not of its neighbours', (title, limits) => {
    expect(promptLimits(title, [page])).toEqual(limits);
  });

  it.each([
    ['Give a number, at least -2.5.', { minimum: -2.5 }],
    ['Give a whole number, at most 9.', { maximum: 9 }],
    ['Choose exactly 2, as a list:', { minItems: 2, maxItems: 2 }],
    ['Choose at least 2 or none, as a list:', { minItems: 2 }],
    ['Choose all that apply, at least one, as a list:', { minItems: 1 }],
    ['Choose all that apply or none, as a list:', {}],
  ])('reads %j', (text, limits) => {
    expect(promptLimits('Title', [`q1. Title\n  ${text}`])).toEqual(limits);
  });

  it('goes back to earlier messages when the last one only complains', () => {
    expect(promptLimits('Say why', [page, 'This did not fit:\n- q3 (Say why): it is empty'])).toEqual({
      maxLength: 80,
    });
  });
});
