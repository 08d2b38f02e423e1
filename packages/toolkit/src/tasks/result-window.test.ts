import { describe, expect, it } from 'vitest';
import { ResultWindow } from './result-window.ts';

const entry = (sequence: number) => ({ sequence, result: `r${sequence}` });

describe('ResultWindow', () => {
  it('takes a result once, whether it was read from the store or recorded first', () => {
    const window = new ResultWindow(10);
    window.push(entry(2), 1);
    window.reload([entry(2), entry(3), entry(4)], 3, 4);
    window.push(entry(3), 2);
    window.push(entry(4), 3);
    window.push(entry(5), 4);
    expect(window.results).toEqual(['r2', 'r3', 'r4', 'r5']);
    expect([window.isCurrent(5), window.isCurrent(6)]).toEqual([true, false]);
  });

  it('keeps what was recorded while the store was being read', () => {
    const window = new ResultWindow(3);
    for (const [index, sequence] of [1, 5, 6].entries()) window.push(entry(sequence), index + 1);
    window.reload([entry(2), entry(3), entry(4)], 4, 4);
    expect([window.results, window.isCurrent(6)]).toEqual([['r4', 'r5', 'r6'], true]);
  });

  it('is not set back by what was read before it was brought up to date', () => {
    const window = new ResultWindow(3);
    window.reload([entry(2)], 1, 4);
    window.reload([entry(1), entry(2)], 2, 3);
    expect(window.results).toEqual(['r2']);
  });

  it('is current through changes that are no results, as long as none is missed', () => {
    const window = new ResultWindow(3);
    window.saw(0, 0);
    window.saw(1, 0);
    window.push(entry(2), 1);
    window.saw(3, 1);
    expect(window.isCurrent(3)).toBe(true);
    window.saw(5, 1);
    expect(window.isCurrent(5)).toBe(false);
    window.push(entry(6), 2);
    expect(window.isCurrent(6)).toBe(false);
  });

  it('shows none rather than more than there are', () => {
    const window = new ResultWindow(3);
    window.reload([entry(1), entry(2), entry(3)], 3, 3);
    window.saw(4, 2);
    expect(window.results).toEqual([]);
    window.push(entry(5), 3);
    expect([window.results, window.isCurrent(5)]).toEqual([['r5'], false]);
    window.saw(9, 0);
    expect([window.results, window.isCurrent(9)]).toEqual([[], true]);
  });
});
