import { describe, expect, it } from 'vitest';
import { countTokens, withReadableUsage } from './reply-usage.ts';

describe('the usage in a body', () => {
  it.each([
    [
      '{"text":"NaN","usage":{"prompt_tokens":NaN,"completion_tokens":3}}',
      { prompt_tokens: null, completion_tokens: 3 },
    ],
    ['{"usage":{"prompt_tokens":-Infinity}}', { prompt_tokens: null }],
    ['{"usage":{"prompt_tokens":"12"}}', { prompt_tokens: null }],
    [
      '{"usage":{"prompt_tokens":1e999,"details":{"cached_tokens":"x"}}}',
      { prompt_tokens: null, details: { cached_tokens: null } },
    ],
  ])('keeps no reply from being read: %s', (text, usage) => {
    const body = JSON.parse(withReadableUsage(text) ?? '') as Record<string, unknown>;
    expect(body.usage).toEqual(usage);
    if ('text' in body) expect(body.text).toBe('NaN');
  });

  it('is left as it was sent where it can be read, and a body that is not JSON is none', () => {
    const text = '{ "usage": { "prompt_tokens": 1 }, "text": "a NaN" }';
    expect(withReadableUsage(text)).toBe(text);
    expect(withReadableUsage('<html>')).toBeNull();
  });
});

describe('tokens', () => {
  const texts = { sent: ['12345678', '1234'], received: '12345678' };

  it('are the counts of the provider', () => {
    expect(countTokens({ input: 0, output: 7 }, texts)).toEqual({
      inputTokens: 0,
      outputTokens: 7,
      isEstimated: false,
    });
  });

  it.each([undefined, -5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e12])(
    'are estimated where a count cannot be true: %d',
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
