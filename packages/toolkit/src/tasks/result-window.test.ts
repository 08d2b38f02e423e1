import { describe, expect, it } from 'vitest';
import { ResultWindow } from './result-window.ts';

const entry = (sequence: number) => ({ sequence, result: `r${sequence}` });

describe('ResultWindow', () => {
  it('takes a result once, whether it was read from the store first or told of', () => {
    const window = new ResultWindow(10);
    window.push(entry(2));
    window.reload([entry(2), entry(3), entry(4)], 3, 4);
    window.push(entry(3));
    window.push(entry(4));
    window.push(entry(5));
    expect([window.results, window.seen]).toEqual([['r2', 'r3', 'r4', 'r5'], 4]);
  });

  it('keeps what was told of while the store was being read', () => {
    const window = new ResultWindow(3);
    for (const sequence of [1, 5, 6]) window.push(entry(sequence));
    window.reload([entry(2), entry(3), entry(4)], 4, 4);
    expect([window.results, window.seen]).toEqual([['r4', 'r5', 'r6'], 6]);
  });

  it('forgets what was taken back', () => {
    const window = new ResultWindow(3);
    for (const sequence of [1, 2, 3]) window.push(entry(sequence));
    window.reload([entry(2)], 1, 4);
    window.push(entry(5));
    expect([window.results, window.seen]).toEqual([['r2', 'r5'], 2]);
  });
});
