import type { Transcript } from '../../focus-group/transcript.ts';
import { median } from './quantiles.ts';

/** How much one participant spoke. */
export interface SpeakerShare {
  readonly participantId: string;
  readonly name: string;
  /** Replies that were had. */
  readonly replies: number;
  /** Replies that could not be had. */
  readonly failed: number;
  readonly words: number;
  /** Of all words that participants said, 0 to 1. */
  readonly share: number;
  /** Words of a reply; `null` for who never spoke. */
  readonly medianWords: number | null;
}

export interface Participation {
  /** In the group's order. */
  readonly speakers: readonly SpeakerShare[];
  /** Of the words: 0 where all said equally much, near 1 where one said everything; `null` where nobody spoke. */
  readonly gini: number | null;
}

export function participation({ participants, rounds }: Transcript): Participation {
  const replies = rounds.flatMap((round) => round.replies);
  const counts = participants.map(({ id, name }) => {
    const own = replies.filter(({ participantId }) => participantId === id);
    const words = own.flatMap((reply) => (reply.status === 'replied' ? [reply.words] : []));
    const failed = own.filter(({ status }) => status === 'failed').length;
    const sum = words.reduce((total, count) => total + count, 0);
    return { participantId: id, name, replies: words.length, failed, words: sum, medianWords: median(words) };
  });
  const total = counts.reduce((sum, { words }) => sum + words, 0);
  return {
    speakers: counts.map((speaker) => ({ ...speaker, share: total === 0 ? 0 : speaker.words / total })),
    gini: gini(counts.map(({ words }) => words)),
  };
}

/** Gini's coefficient: half the mean absolute difference of all pairs, by the mean. */
function gini(values: readonly number[]): number | null {
  const total = values.reduce((sum, value) => sum + value, 0);
  if (total === 0) return null;
  const ascending = values.toSorted((a, b) => a - b);
  const ranked = ascending.reduce((sum, value, place) => sum + (place + 1) * value, 0);
  return Math.max(0, (2 * ranked) / (values.length * total) - (values.length + 1) / values.length);
}
