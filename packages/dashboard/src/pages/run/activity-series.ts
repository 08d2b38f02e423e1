import type { Timeline } from '../../api/types.ts';

/** A chart of a run over time, a place each for an equal span. Rates are per minute. */
export interface ActivitySeries {
  /** The middle of each span, epoch seconds. */
  readonly times: number[];
  readonly answered: number[];
  readonly failed: number[];
  /** `null` where the server did not run it yet. */
  readonly refused: (number | null)[];
}

const MAX_POINTS = 60;
const MINUTE_MS = 60_000;

/** @param isRunning the last span isn't over then: it is left out, since it would look like a slump */
export function activitySeries(
  { from, intervalMs, succeeded, failed, refusals }: Timeline,
  isRunning: boolean,
): ActivitySeries {
  const series: ActivitySeries = { times: [], answered: [], failed: [], refused: [] };
  if (from === null) return series;
  const perPoint = Math.max(1, Math.ceil(succeeded.length / MAX_POINTS));
  const spanMs = perPoint * intervalMs;
  const points = Math.ceil(succeeded.length / perPoint) - (isRunning ? 1 : 0);
  for (let point = 0; point < points; point += 1) {
    const begin = point * perPoint;
    // The last span of a run that is over may be shorter.
    const intervals = Math.min(perPoint, succeeded.length - begin);
    const rate = (counts: readonly number[]): number =>
      (sum(counts.slice(begin, begin + intervals)) * MINUTE_MS) / (intervals * intervalMs);
    const at = from + begin * intervalMs;
    series.times.push((at + spanMs / 2) / 1_000);
    series.answered.push(rate(succeeded));
    series.failed.push(rate(failed));
    series.refused.push(refusalRate(refusals, at, spanMs));
  }
  return series;
}

function refusalRate(samples: Timeline['refusals'], at: number, spanMs: number): number | null {
  const first = samples[0];
  if (first === undefined || at < first.at) return null;
  return ((refusedBy(samples, at + spanMs) - refusedBy(samples, at)) * MINUTE_MS) / spanMs;
}

function refusedBy(samples: Timeline['refusals'], at: number): number {
  return samples.findLast((sample) => sample.at <= at)?.refused ?? 0;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
