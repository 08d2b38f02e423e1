import type { Messages } from '../../languages/messages.ts';
import type { ModelWait } from '../../models/model-throttles.ts';
import { displayWidth, wrapped } from '../../text/display-width.ts';

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
  /** What everybody waits for; `null` while calls go out. */
  readonly pause: Pause | null;
}

export interface Pause {
  readonly reason: keyof Messages['progress']['reasons'];
  /** `null` where nobody knows: each call backs off by itself. */
  readonly seconds: number | null;
  /** Until calls are given up, about; `null` while that is not in sight. */
  readonly givesUpInSeconds: number | null;
  /** HTTP; `undefined` where there was no response. */
  readonly status: number | undefined;
}

export interface ProgressCounts {
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly inFlight: number;
  readonly retries: number;
  readonly tokens: number;
  readonly waitingFor: ModelWait | undefined;
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
      pause: finished === total ? null : pauseOf(counts.waitingFor),
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
export function progressLine(progress: Progress, messages: Messages): string {
  const { total, done, failed, inFlight, waiting, retries, tokens, ratePerSecond, secondsLeft, pause } =
    progress;
  const { progress: said } = messages;
  return [
    ...(pause === null ? [] : [pauseText(pause, messages)]),
    said.done(done, total),
    said.failed(failed),
    said.inFlight(inFlight),
    said.waiting(waiting),
    said.retries(retries),
    ...(ratePerSecond === null ? [] : [`${ratePerSecond.toFixed(1)}/s`]),
    ...(secondsLeft === null ? [] : [said.left(duration(secondsLeft, messages))]),
    said.tokens(compact(tokens)),
  ].join(' · ');
}

/** A second is worth telling; what is shorter is the ordinary pace. */
function pauseOf(wait: ModelWait | undefined): Pause | null {
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

function pauseText(
  { reason, seconds, givesUpInSeconds, status }: Pause,
  { progress: said, ...messages }: Messages,
): string {
  const why = status === undefined ? said.reasons[reason] : `${said.reasons[reason]} (${status})`;
  const time = (each: number): string => duration(each, { progress: said, ...messages });
  const waits = seconds === null ? why : said.pause(time(seconds), why);
  return givesUpInSeconds === null ? waits : said.givesUp(waits, time(givesUpInSeconds));
}

/** The line behind a bar; on a terminal too narrow for it, as much of the line as fits into `width` columns. */
export function progressBar(progress: Progress, messages: Messages, width: number): string {
  const line = progressLine(progress, messages);
  const columns = Math.max(0, Math.min(24, width - displayWidth(line) - 2));
  if (columns < 6) return wrapped(line, width)[0] ?? '';
  const share = progress.total === 0 ? 1 : (progress.done + progress.failed) / progress.total;
  const filled = Math.round(columns * share);
  return `${'█'.repeat(filled)}${'░'.repeat(columns - filled)} ${line}`;
}

/** `2 h 1 min` */
export function duration(seconds: number, { progress: said }: Messages): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return said.seconds(whole);
  if (whole < 3600) return said.minutes(Math.floor(whole / 60), whole % 60);
  return said.hours(Math.floor(whole / 3600), Math.floor((whole % 3600) / 60));
}

const compactNumber = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export function compact(value: number): string {
  return compactNumber.format(value);
}
