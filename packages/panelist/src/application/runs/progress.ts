import type { ModelWait } from '../../models/model-throttles.ts';

/** A run at one moment. `done + failed + inFlight + waiting` is `total`, always. */
export interface Progress {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  /** In this process. */
  readonly inFlight: number;
  readonly waiting: number;
  /** Items finished a second, over the last 20 seconds; `null` until something has finished. */
  readonly ratePerSecond: number | null;
  /** At that rate; `null` while there is none. */
  readonly secondsLeft: number | null;
}

export interface ProgressCounts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly inFlight: number;
}

const RATE_WINDOW_MS = 20_000;

/** Makes consistent progress with a rate out of counts that were read at different moments. */
export class ProgressMeter {
  readonly #samples: { readonly at: number; readonly finished: number }[] = [];

  /** @param at a monotonic time, milliseconds */
  read({ total, succeeded, failed, inFlight: counted }: ProgressCounts, at: number): Progress {
    const finished = succeeded + failed;
    // An item may be recorded a moment before it stops counting as in flight.
    const inFlight = Math.min(counted, total - finished);
    const ratePerSecond = this.#rate(finished, at);
    return {
      total,
      done: succeeded,
      failed,
      inFlight,
      waiting: total - finished - inFlight,
      ratePerSecond,
      secondsLeft: ratePerSecond === null ? null : (total - finished) / ratePerSecond,
    };
  }

  #rate(finished: number, at: number): number | null {
    this.#samples.push({ at, finished });
    while (this.#samples.length > 2 && this.#samples[1]!.at <= at - RATE_WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0]!;
    // Two looks at the same moment give no rate.
    const isKnown = finished > first.finished && at > first.at;
    return isKnown ? ((finished - first.finished) * 1000) / (at - first.at) : null;
  }
}

/** What all calls of a run wait for. */
export interface RunWait {
  readonly reason: 'provider-asked' | 'outage' | 'refused';
  /** `null` where nobody knows: each call backs off by itself. */
  readonly seconds: number | null;
  /** About how long until calls are given up; `null` while calls succeed. */
  readonly givesUpInSeconds: number | null;
  /** HTTP; `undefined` where there was no response. */
  readonly status: number | undefined;
}

/** `null` while calls go out. A wait of a second is reported; a shorter one is the ordinary pace. */
export function runWait(wait: ModelWait | undefined): RunWait | null {
  if (wait === undefined) return null;
  const { reason, forMs = null, status, givesUpInMs = null } = wait;
  const givesUpInSeconds = inSeconds(givesUpInMs);
  if (reason !== 'provider-asked' && reason !== 'outage') {
    return givesUpInMs === null ? null : { reason: 'refused', seconds: null, givesUpInSeconds, status };
  }
  if (forMs === null ? givesUpInMs === null : forMs < 1_000) return null;
  return { reason, seconds: inSeconds(forMs), givesUpInSeconds, status };
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1_000;
}
