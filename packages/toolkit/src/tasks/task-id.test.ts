import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.ts';
import { createTaskId } from './task-id.ts';

describe('createTaskId', () => {
  it('makes ids that sort in the order they were made, also within one millisecond', async () => {
    const clock = new VirtualClock(1_700_000_000_000);
    const ids: string[] = [];
    for (let ms = 0; ms < 5; ms += 1) {
      for (let index = 0; index < 2_000; index += 1) ids.push(createTaskId(clock));
      await clock.advance(1);
    }
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^task_[0-9a-v]{23}$/);
  });

  it('sorts by time over the years', () => {
    const years = [1970, 1999, 2026, 2100, 3000].map((year) => Date.UTC(year, 5));
    const ids = years.map((ms) => createTaskId(new VirtualClock(ms)));
    expect(ids.toSorted()).toEqual(ids);
  });

  it('keeps the order when the clock is set back', () => {
    let now = 2_000;
    const clock = { now: () => now, monotonic: () => 0, setTimer: () => () => {} };
    const before = createTaskId(clock);
    now = 1_000;
    expect(createTaskId(clock) > before).toBe(true);
  });

  it('is different in another process, even at the same time', () => {
    const at = (): string => createTaskId(new VirtualClock(5_000));
    expect(new Set(Array.from({ length: 1_000 }, at)).size).toBe(1_000);
  });
});
