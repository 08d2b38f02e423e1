import type { Reply, Transcript, TranscriptRound } from '../../../focus-group/transcript.ts';
import { type FocusGroupTexts, focusGroupTextsFor } from '../../../languages/messages.ts';
import { foreignLine } from '../../../text/foreign-line.ts';
import { terminalSafe } from '../../../text/terminal-safe.ts';
import { hostOf } from './transcript-labels.ts';

/** A transcript as a terminal shows it, live or later: one thing said a line. */
export function transcriptLines({ title, language, rounds }: Transcript): string {
  const texts = focusGroupTextsFor(language);
  const talk = rounds.flatMap((round) => [
    roundLines(round, texts),
    ...round.replies.map((reply) => saidLine(reply.name, spoken(reply, texts))),
  ]);
  return [`${terminalSafe(title)}\n${texts.synthetic}\n`, ...talk].join('');
}

/** What a round begins with: an empty line, what the host says, and what is shown with it. */
export function roundLines(
  {
    round,
    host,
    to,
    message,
    stimulus,
  }: Pick<TranscriptRound, 'round' | 'host' | 'to' | 'message' | 'stimulus'>,
  texts: FocusGroupTexts,
): string {
  const speaker = hostOf({ host, to }, texts);
  const shown = stimulus === null ? '' : saidLine(`(${texts.shown})`, stimulus);
  return `\n${saidLine(`${texts.round(round)} – ${speaker}`, message)}${shown}`;
}

export function saidLine(name: string, text: string): string {
  return `${terminalSafe(name)}: ${terminalSafe(text)}\n`;
}

export function spoken(reply: Reply, texts: FocusGroupTexts): string {
  if (reply.status === 'replied') return reply.text;
  return reply.status === 'pending'
    ? `(${texts.pending})`
    : `(${texts.noReply}: ${foreignLine(reply.error.message)})`;
}
