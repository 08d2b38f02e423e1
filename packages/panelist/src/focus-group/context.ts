import { shortened } from '../text/shortened.ts';
import type { Participant } from './participant.ts';
import type { Transcript, TranscriptRound } from './transcript.ts';

/** Characters of earlier rounds that are repeated word for word; older ones are in the summary. */
const maxVerbatim = 6_000;
/** Of one reply, as the others hear it. */
export const maxHeard = 600;
/** Of what somebody said themselves before that, and how often. */
const maxOwn = 300;
const ownReplies = 3;

/** One round as those who answer the next remember it. */
export interface HeardRound {
  readonly host: string;
  readonly stimulus: string | null;
  readonly replies: readonly { readonly name: string; readonly text: string }[];
}

/**
 * What was said before, frozen when a round begins: a summary of what is long past and the last rounds word for word.
 * It is stored with the round, so that a process that resumes the round asks exactly what was asked before. Its size is
 * bounded, so that tokens grow linearly with the rounds.
 */
export interface Context {
  readonly summary: string | null;
  readonly heard: readonly HeardRound[];
}

/** The index of the first round that is repeated word for word: always the last round, and those before it as far as they fit. */
export function firstVerbatim(rounds: readonly TranscriptRound[]): number {
  let first = rounds.length;
  let size = 0;
  while (first > 0) {
    size += sizeOf(rounds[first - 1] as TranscriptRound);
    if (size > maxVerbatim && first < rounds.length) break;
    first -= 1;
  }
  return first;
}

/** @param summary of the first rounds; `null` without one */
export function contextOf(
  { rounds }: Pick<Transcript, 'rounds'>,
  summary: { readonly text: string; readonly rounds: number } | null,
): Context {
  const first = firstVerbatim(rounds);
  // Where no summary could be made, the host's questions at least tell what was talked about.
  const lost = rounds.slice(summary?.rounds ?? 0, first).map(({ message }) => shortened(message, 100));
  const parts = [summary?.text ?? '', lost.length > 0 ? `The host asked: ${lost.join(' / ')}` : ''];
  const text = parts.filter((part) => part !== '').join(' ');
  return { summary: text === '' ? null : text, heard: rounds.slice(first).map(heardRound) };
}

/** What somebody said themselves in rounds that are no longer repeated word for word. */
export function ownWords({ rounds }: Transcript, { id }: Pick<Participant, 'id'>): string[] {
  return rounds
    .slice(0, firstVerbatim(rounds))
    .flatMap(({ replies }) => replies)
    .flatMap((reply) => (reply.participantId === id && reply.status === 'replied' ? [reply.text] : []))
    .slice(-ownReplies)
    .map((text) => shortened(text, maxOwn));
}

export function heardRound({ message, stimulus, replies }: TranscriptRound): HeardRound {
  return {
    host: message,
    stimulus,
    replies: replies.flatMap((reply) =>
      reply.status === 'replied' ? [{ name: reply.name, text: shortened(reply.text, maxHeard) }] : [],
    ),
  };
}

function sizeOf(round: TranscriptRound): number {
  const { host, stimulus, replies } = heardRound(round);
  return replies.reduce(
    (sum, { name, text }) => sum + name.length + text.length + 3,
    host.length + (stimulus?.length ?? 0),
  );
}
