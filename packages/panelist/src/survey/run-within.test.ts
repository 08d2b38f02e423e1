import { describe, expect, it } from 'vitest';
import { runWithin, TookTooLong } from './run-within.ts';

describe('runWithin', () => {
  it('returns the result of the work', () => {
    expect(runWithin(1_000, () => ({ a: 1 }))).toEqual({ a: 1 });
    expect(runWithin(1_000, () => undefined)).toBeUndefined();
  });

  it('throws the error of the work', () => {
    const error = new Error('wrong');
    expect(() =>
      runWithin(1_000, () => {
        throw error;
      }),
    ).toThrow(error);
  });

  it('stops an endless loop, even one that catches everything', () => {
    const loop = (): void => {
      for (;;) {
        try {
          JSON.parse('{');
        } catch {}
      }
    };
    expect(() => runWithin(20, loop)).toThrow(TookTooLong);
    expect(() => runWithin(20, () => runWithin(20, loop))).toThrow(TookTooLong);
  });

  it('stops a regular expression with catastrophic backtracking', () => {
    expect(() => runWithin(20, () => /^(\w+\s?)+#$/.test('a'.repeat(100)))).toThrow(TookTooLong);
  });

  it('runs the work again if the process did not spend the time on it', () => {
    let runs = 0;
    const blocked = (): number => {
      runs += 1;
      // Waits without using the CPU, as a paused process does.
      if (runs === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      return runs;
    };
    expect(runWithin(100, blocked)).toBe(2);
  });
});
