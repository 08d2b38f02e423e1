import type { Transcript } from '../../focus-group/transcript.ts';
import { median } from './quantiles.ts';

/** How much one participant spoke. */
export interface SpeakerShare {
  readonly participantId: string;
  readonly name: string;
  /** Successful replies. */
  readonly replies: number;
  /** Failed replies. */
  readonly failed: number;
  readonly words: number;
  /** Share of all participants' words, 0 to 1. */
  readonly share: number;
  /** Median number of words per reply; `null` if the participant never spoke. */
  readonly medianWords: number | null;
}

export interface Participation {
  /** In the group's order. */
  readonly speakers: readonly SpeakerShare[];
  /** Gini coefficient of the words: 0 if all spoke equally, `largestGini` if one said everything; `null` if nobody spoke. */
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

/** The largest Gini coefficient that a number of speakers can have, when one says everything; `null` without speakers. */
export function largestGini(speakers: number): number | null {
  return speakers === 0 ? null : (speakers - 1) / speakers;
}

/** Gini coefficient: half the mean absolute difference of all pairs, divided by the mean. */
function gini(values: readonly number[]): number | null {
  const total = values.reduce((sum, value) => sum + value, 0);
  if (total === 0) return null;
  const ascending = values.toSorted((a, b) => a - b);
  const ranked = ascending.reduce((sum, value, place) => sum + (place + 1) * value, 0);
  return Math.max(0, (2 * ranked) / (values.length * total) - (values.length + 1) / values.length);
}
