import { describe, expect, it } from 'vitest';
import type { Timeline } from '../../api/types.ts';
import { activitySeries } from './activity-series.ts';

const timeline = (succeeded: number[], refusals: Timeline['refusals'] = []): Timeline => ({
  from: 10_000,
  intervalMs: 1_000,
  succeeded,
  failed: succeeded.map(() => 1),
  through: 1,
  refusals,
});

describe('a run over time', () => {
  it('is empty before the first result', () => {
    const empty = { from: null, intervalMs: 1_000, succeeded: [], failed: [], through: null, refusals: [] };
    expect(activitySeries(empty, true).times).toEqual([]);
  });

  it('has rates per minute at the middle of each interval', () => {
    expect(activitySeries(timeline([2, 4]), false)).toEqual({
      times: [10.5, 11.5],
      answered: [120, 240],
      failed: [60, 60],
      refused: [null, null],
    });
  });

  it('leaves out the interval that is not over while it runs', () => {
    expect(activitySeries(timeline([2, 4]), true).answered).toEqual([120]);
  });

  it('joins intervals beyond 60 points, the rest of the last one included', () => {
    const { times, answered } = activitySeries(timeline(Array.from({ length: 241 }, () => 1)), false);
    expect([times.length, new Set(answered)]).toEqual([49, new Set([60])]);
  });

  it('has refusals from when the server began to run it', () => {
    const samples = [
      { at: 11_000, refused: 5 },
      { at: 11_500, refused: 8 },
      { at: 12_900, refused: 9 },
    ];
    expect(activitySeries(timeline([1, 1, 1, 1], samples), false).refused).toEqual([null, 180, 60, 0]);
  });
});
