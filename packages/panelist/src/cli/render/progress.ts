import type { Progress, RunWait } from '../../application/runs/progress.ts';
import type { Messages } from '../../languages/messages.ts';
import { displayWidth, wrapped } from '../../text/display-width.ts';

/** A run's progress with what it took so far, and what its calls wait for. */
export interface ShownProgress extends Progress {
  readonly retries: number;
  readonly tokens: number;
  readonly pause: RunWait | null;
}

/** `212/500 done · 3 failed · 100 in flight · 185 waiting · 12 retries · 38.2/s · 7 s left · 1.2M tokens` */
export function progressLine(progress: ShownProgress, messages: Messages): string {
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

function pauseText(
  { reason, seconds, givesUpInSeconds, status }: RunWait,
  { progress: said, ...messages }: Messages,
): string {
  const why = status === undefined ? said.reasons[reason] : `${said.reasons[reason]} (${status})`;
  const time = (each: number): string => duration(each, { progress: said, ...messages });
  const waits = seconds === null ? why : said.pause(time(seconds), why);
  return givesUpInSeconds === null ? waits : said.givesUp(waits, time(givesUpInSeconds));
}

/** The line behind a bar; on a terminal too narrow for it, as much of the line as fits into `width` columns. */
export function progressBar(progress: ShownProgress, messages: Messages, width: number): string {
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
