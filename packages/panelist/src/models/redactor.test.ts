import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.ts';

describe('a redactor', () => {
  it.each([
    ['the key itself', 'It is key-of-mine/1+2.', 'It is [redacted].'],
    ['the key in an address', '?key=key-of-mine%2F1%2B2&a', '?key=[redacted]&a'],
    ['several keys', 'key-of-mine/1+2key-of-mine/1+2', '[redacted][redacted]'],
    ['a key that begins with another', 'key-of-mine/1+2-longer', '[redacted]'],
    ['a header', 'authorization: Bearer abcdefghijklmnop1234', 'authorization: Bearer [redacted]'],
    ['a header in JSON', '{"x-api-key":"abcdefghijklmnop1234"}', '{"x-api-key":"[redacted]"}'],
    ['basic credentials', 'Basic dXNlcjpwYXNzd29yZDEy==', 'Basic [redacted]'],
    ['OpenAI’s keys', 'sk-proj-abcdefghijklmnop', '[redacted]'],
    ['Google’s keys', `AIza${'x1_-'.repeat(9)}`, '[redacted]'],
  ])('takes out %s', (_, text, clean) => {
    expect(new Redactor(['key-of-mine/1+2', 'key-of-mine/1+2-longer']).redact(text)).toBe(clean);
  });

  it.each([
    'The bearer responsibilities of a basic understanding',
    'A task-oriented, risk-averse person',
    'My api key: none',
    'I trust none of them; test it.',
  ])('leaves other texts unchanged: %s', (text) => {
    // Local servers take anything for a key.
    expect(new Redactor(['none', 'test', ' ', '']).redact(text)).toBe(text);
  });

  it('removes every secret from any surroundings', () => {
    const secret = fc.string({ minLength: 8 }).filter((text) => text.trim().length >= 8);
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (key, before, after) => {
        expect(new Redactor([key]).redact(before + key.trim() + after)).not.toContain(key.trim());
      }),
    );
  });

  it('takes linear time', () => {
    const redactor = new Redactor(['a'.repeat(20)]);
    const startedAt = performance.now();
    for (const piece of ['a', 'Bearer ', 'Bearer a', 'sk-', 'AIza', 'api-key: ', 'basic a1', ' ']) {
      redactor.redact(piece.repeat(5_000_000 / piece.length));
    }
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });
});
