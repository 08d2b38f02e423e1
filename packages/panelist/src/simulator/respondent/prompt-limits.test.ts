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

  it.each([
    ['填写一个 0 到 20 之间的整数（0 = 从不，20 = 5 到 9 次）。', { minimum: 0, maximum: 20 }],
    ['填写一个不小于 -2.5 的数字，步长为 0.5。', { minimum: -2.5, multipleOf: 0.5 }],
    ['填写一个不大于 9 的整数。', { maximum: 9 }],
    ['选择恰好 2 项，以列表形式给出：', { minItems: 2, maxItems: 2 }],
    ['选择 1 到 3 项，也可以不选，以列表形式给出：', { minItems: 1, maxItems: 3 }],
    ['选择至少 2 项，也可以不选，以列表形式给出：', { minItems: 2 }],
    ['选择所有符合的选项，至少一项，以列表形式给出：', { minItems: 1 }],
    ['选择所有符合的选项，也可以不选，以列表形式给出：', {}],
    ['对其中恰好 3 项排序，第一个为最高，以列表形式给出：', { minItems: 3, maxItems: 3 }],
    ['用几个词回答，至少 10 个字符，最多 80 个字符。', { minLength: 10, maxLength: 80 }],
  ])('reads %j', (text, limits) => {
    expect(promptLimits('标题', [`q1（选答）. 标题\n  ${text}\nq2. 下一题\n  填写一个整数。`])).toEqual(
      limits,
    );
  });

  it('goes back to earlier messages when the last one only complains', () => {
    expect(promptLimits('Say why', [page, 'This did not fit:\n- q3 (Say why): it is empty'])).toEqual({
      maxLength: 80,
    });
  });
});
