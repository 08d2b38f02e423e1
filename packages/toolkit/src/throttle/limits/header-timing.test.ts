import { describe, expect, it } from 'vitest';
import { HeaderTiming } from './learned-limit.ts';

/**
 * What is found after so many values of `remaining`, when our account was wrong by `admission` requests for the moments
 * at which requests were let in, and by `reply` for those at which their replies left.
 */
function meaningAfter(values: number, { admission, reply }: { admission: number; reply: number }): string {
  const timing = new HeaderTiming();
  for (let value = 0; value < values; value += 1) timing.observe(100, value * admission, value * reply);
  return timing.meaning;
}

describe('the timing of headers', () => {
  it('is unknown for the first twenty values', () => {
    expect(meaningAfter(19, { admission: 5, reply: 0 })).toBe('unknown');
    expect(meaningAfter(20, { admission: 5, reply: 0 })).toBe('reply');
    expect(meaningAfter(20, { admission: 0, reply: 5 })).toBe('admission');
  });

  it.each([
    ['both are right', { admission: 0, reply: 0 }],
    ['the reply predicts better by a tenth', { admission: 10, reply: 9 }],
    ['the reply predicts better by a small part of a request', { admission: 0.3, reply: 0.15 }],
    ['the reply predicts worse', { admission: 1, reply: 3 }],
  ])('is admission where %s', (_, errors) => {
    expect(meaningAfter(200, errors)).toBe('admission');
  });

  it.each([
    ['by a third', { admission: 10, reply: 6.5 }],
    ['in all', { admission: 1, reply: 0 }],
  ])('is the reply where that predicts clearly better: %s', (_, errors) => {
    expect(meaningAfter(200, errors)).toBe('reply');
  });

  it('follows a provider that turns out to count at admission after all', () => {
    const timing = new HeaderTiming();
    for (let value = 0; value < 30; value += 1) timing.observe(100, value * 2, 0);
    expect(timing.meaning).toBe('reply');
    for (let value = 0; value < 100; value += 1) timing.observe(100, 58, value * 2);
    expect(timing.meaning).toBe('admission');
  });
});
