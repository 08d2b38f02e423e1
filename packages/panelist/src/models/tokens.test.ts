import { describe, expect, it } from 'vitest';
import { countTokens } from './tokens.ts';

describe('tokens', () => {
  const texts = { sent: ['12345678', '1234'], received: '12345678' };

  it('are those that the provider reports', () => {
    expect(countTokens({ input: 0, output: 7 }, texts)).toEqual({
      inputTokens: 0,
      outputTokens: 7,
      isEstimated: false,
    });
  });

  it.each([undefined, -5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e12])(
    'are estimated if the reported count is impossible: %d',
    (input) => {
      expect(countTokens({ input, output: 7 }, texts)).toEqual({
        inputTokens: 3,
        outputTokens: 7,
        isEstimated: true,
      });
      expect(countTokens({ input: 1, output: input }, texts)).toMatchObject({
        outputTokens: 2,
        isEstimated: true,
      });
    },
  );
});
