import { describe, expect, it } from 'vitest';
import { classify } from './classify.ts';

describe('what it does not go by', () => {
  it.each([
    'the temperature is invalid: rate limit 429 exceeded',
    'could not generate insufficient_quota',
    'overloaded_error 529 timeout ECONNRESET AbortError 401',
  ])('a message: %s', (message) => {
    expect(classify(new Error(message))).toEqual({
      verdict: 'retry',
      kind: 'unknown',
      reason: 'an unknown error',
    });
  });

  it('fields that are none of these', () => {
    const error = {
      status: 'rejected',
      statusCode: 42,
      code: 20,
      type: {},
      name: 7,
      headers: 'x',
      errors: 'y',
    };
    expect(classify(error)).toMatchObject({ verdict: 'retry', kind: 'unknown' });
  });
});

describe('hostile errors', () => {
  it.each([undefined, null, 0, 'boom', Symbol('x'), 1n, () => {}])('takes %s', (error) => {
    expect(classify(error)).toMatchObject({ verdict: 'retry', kind: 'unknown' });
  });

  it('ends on cycles', () => {
    const one: { cause?: unknown; errors?: unknown[] } = {};
    const two = { cause: one, errors: [one] };
    one.cause = two;
    one.errors = [two, one];
    expect(classify(one).kind).toBe('unknown');
  });

  it('ends on a chain without end, and reads no more of it than it must', () => {
    let links = 0;
    const link = (): object => ({
      get cause() {
        links += 1;
        return link();
      },
    });
    expect(classify(link()).kind).toBe('unknown');
    expect(links).toBeLessThan(50);
  });

  it('survives getters and proxies that throw', () => {
    const refuse = (): never => {
      throw new Error('no');
    };
    const proxy = new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getPrototypeOf: refuse });
    expect(classify(proxy).kind).toBe('unknown');
    expect(classify({ status: 429, headers: proxy })).toMatchObject({ kind: 'rate-limit' });
  });

  it('shows nothing but codes in its reason', () => {
    const error = { status: 429, code: 'evil\u001b[31m code', type: 'x'.repeat(1_000) };
    expect(classify(error).reason).toBe('the server limits the rate (HTTP 429)');
  });
});
