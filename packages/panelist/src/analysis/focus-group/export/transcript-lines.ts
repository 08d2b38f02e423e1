import type { Reply, Transcript, TranscriptRound } from '../../../focus-group/transcript.ts';
import { type FocusGroupTexts, focusGroupTextsFor } from '../../../languages/messages.ts';
import { foreignLine } from '../../../text/foreign-line.ts';
import { terminalSafe } from '../../../text/terminal-safe.ts';
import { hostOf } from './transcript-labels.ts';

/** Renders a transcript for a terminal, live or later: one turn per line. */
export function transcriptLines({ title, language, rounds }: Transcript): string {
  const texts = focusGroupTextsFor(language);
  const talk = rounds.flatMap((round) => [
    roundLines(round, texts),
    ...round.replies.map((reply) => saidLine(reply.name, spoken(reply, texts))),
  ]);
  return [`${terminalSafe(title)}\n${texts.synthetic}\n`, ...talk].join('');
}

/** The beginning of a round: an empty line, the host's message and its stimulus. */
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
