import type { ThrottleWait } from '@panelist/toolkit';

/** A run at one moment. `done + failed + inFlight + waiting` is `total`, always. */
export interface Progress {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly waiting: number;
  readonly retries: number;
  readonly tokens: number;
  /** Respondents finished a second, over the last 20 seconds; `null` until something has finished. */
  readonly ratePerSecond: number | null;
  /** At that rate; `null` while there is none. */
  readonly secondsLeft: number | null;
  /** What everybody waits for, such as `waiting 12 s: provider asked (429)`; `null` while calls go out. */
  readonly pause: string | null;
}

export interface ProgressCounts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly retries: number;
  readonly tokens: number;
  readonly waitingFor: ThrottleWait | undefined;
}

const RATE_WINDOW_MS = 20_000;

/** Turns counts read at different moments into progress that adds up and has a rate. */
export class ProgressMeter {
  readonly #samples: { readonly at: number; readonly finished: number }[] = [];

  read(counts: ProgressCounts, at: number): Progress {
    const { total, succeeded, failed, retries, tokens } = counts;
    const finished = succeeded + failed;
    // An item may be recorded a moment before it stops counting as in flight.
    const inFlight = Math.min(counts.inFlight, total - finished);
    const ratePerSecond = this.#rate(finished, at);
    return {
      total,
      done: succeeded,
      failed,
      inFlight,
      waiting: total - finished - inFlight,
      retries,
      tokens,
      ratePerSecond,
      secondsLeft: ratePerSecond === null ? null : (total - finished) / ratePerSecond,
      pause: pauseText(counts.waitingFor),
    };
  }

  #rate(finished: number, at: number): number | null {
    this.#samples.push({ at, finished });
    while (this.#samples.length > 2 && this.#samples[1]!.at <= at - RATE_WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0]!;
    // Two looks in one moment have no speed between them.
    const isKnown = finished > first.finished && at > first.at;
    return isKnown ? ((finished - first.finished) * 1000) / (at - first.at) : null;
  }
}

/** `212/500 done · 3 failed · 100 in flight · 185 waiting · 12 retries · 38.2/s · 7 s left · 1.2M tokens` */
export function progressLine(progress: Progress): string {
  const { total, done, failed, inFlight, waiting, retries, tokens, ratePerSecond, secondsLeft, pause } =
    progress;
  return [
    ...(pause === null ? [] : [pause]),
    `${done}/${total} done`,
    `${failed} failed`,
    `${inFlight} in flight`,
    `${waiting} waiting`,
    `${retries} ${retries === 1 ? 'retry' : 'retries'}`,
    ...(ratePerSecond === null ? [] : [`${ratePerSecond.toFixed(1)}/s`]),
    ...(secondsLeft === null ? [] : [`${duration(secondsLeft)} left`]),
    `${compact(tokens)} tokens`,
  ].join(' · ');
}

/** A second is worth telling; what is shorter is the ordinary pace. */
function pauseText(wait: ThrottleWait | undefined): string | null {
  if (wait?.forMs === undefined || wait.forMs < 1_000) return null;
  const why = { 'provider-asked': 'provider asked', outage: 'provider is out' }[wait.reason as string];
  if (why === undefined) return null;
  return `waiting ${duration(wait.forMs / 1_000)}: ${why}${wait.status === undefined ? '' : ` (${wait.status})`}`;
}

/** The line behind a bar, cut to `width` columns. */
export function progressBar(progress: Progress, width: number): string {
  const line = progressLine(progress);
  const columns = Math.max(0, Math.min(24, width - line.length - 2));
  if (columns < 6) return line.slice(0, width);
  const share = progress.total === 0 ? 1 : (progress.done + progress.failed) / progress.total;
  const filled = Math.round(columns * share);
  return `${'█'.repeat(filled)}${'░'.repeat(columns - filled)} ${line}`;
}

export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

const compactNumber = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function compact(value: number): string {
  return compactNumber.format(value);
}
