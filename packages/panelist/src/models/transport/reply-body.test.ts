import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nestingOf, readReplyBody } from './reply-body.ts';

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
  ])('does not prevent reading a reply: %s', (text, usage) => {
    const body = JSON.parse(readReplyBody(text)?.text ?? '') as Record<string, unknown>;
    expect(body.usage).toEqual(usage);
    if ('text' in body) expect(body.text).toBe('NaN');
  });

  it('is unchanged if it is readable, and a body that is not JSON is rejected', () => {
    const text = '{ "usage": { "prompt_tokens": 1 }, "text": "a NaN" }';
    expect(readReplyBody(text)?.text).toBe(text);
    expect(readReplyBody('<html>')).toBeUndefined();
  });
});

describe('a body', () => {
  it.each([
    ['{"choices":[{"error":{"code":502}}]}', { code: 502 }],
    ['{"error":{"message":"no"},"choices":[{"error":{"code":502}}]}', { message: 'no' }],
    ['{"error":"no such path"}', { message: 'no such path' }],
    ['{"error":null,"choices":[{"error":null}]}', undefined],
    ['{"error":{}}', undefined],
    ['{"error":{"code":0,"message":""}}', undefined],
    ['{"error":""}', undefined],
    ['{"error":false,"choices":[]}', undefined],
    ['{"choices":{"0":{"error":{"code":502}}}}', undefined],
    ['[{"error":{"code":502}}]', undefined],
  ])('is recognised as an error or not: %s', (text, error) => {
    expect(readReplyBody(text)?.error).toEqual(error);
  });

  it.each([
    ['{"__proto__":{"a":1},"text":1}', '{"text":1}'],
    ['{"a":[{"\\u005f_proto__":1}]}', '{"a":[{}]}'],
    ['{"constructor":{"prototype":1},"a":{"constructor":"x"}}', '{"a":{"constructor":"x"}}'],
    ['{"text":"\\"__proto__\\": 1"}', '{"text":"\\"__proto__\\": 1"}'],
    ['{ "text": "__proto__" }', '{ "text": "__proto__" }'],
  ])('loses only the keys that would prevent reading it: %s', (text, read) => {
    expect(readReplyBody(text)?.text).toBe(read);
  });

  it('is measured and read in linear time, even if a text never ends', () => {
    const startedAt = performance.now();
    for (const piece of ['\\"', '"', '\\', '"\\', '[', '{"', 'NaN', '"a"NaN', '-', '__proto__']) {
      const text = piece.repeat(5_000_000 / piece.length);
      readReplyBody(`"${text}`);
      // What is nested without end is not read any further.
      if (nestingOf(text) < 1_000) readReplyBody(text);
    }
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });

  it('has the depth of its values, regardless of brackets in texts', () => {
    const depthOf = (value: unknown): number =>
      typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;
    const value = fc.jsonValue({ depthSize: 'large' });
    const bracketed = fc.string({ unit: fc.constantFrom('[', '{', '"', '\\', '}', ']', 'a') });
    fc.assert(
      fc.property(value, bracketed, (inner, text) => {
        const json = JSON.stringify({ [text]: inner, text });
        expect(nestingOf(json)).toBe(depthOf(JSON.parse(json)));
      }),
    );
  });
});
