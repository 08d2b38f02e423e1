import type { Transcript } from '../../focus-group/transcript.ts';
import { type Interval, wilsonInterval } from '../statistics/intervals.ts';
import { saidReplies } from './said-replies.ts';
import { normalised, similarity, sumOf, type TermVector, termVectors } from './term-vectors.ts';

export interface SpeakerDistinctiveness {
  readonly participantId: string;
  readonly name: string;
  /** Replies that were classified. */
  readonly replies: number;
  /** Share of them attributed to this speaker, 0 to 1. */
  readonly recognised: number;
}

/**
 * Whether participants can be distinguished by their words: each reply is attributed to the participant with the most
 * similar other replies (nearest centroid of TF-IDF vectors, leave-one-out). Ties are divided equally. A share far
 * above chance means that participants differ; a share near chance, that all sound the same. A favourite phrase is
 * enough to be recognised.
 */
export interface Distinctiveness {
  /** Participants who spoke at least twice. */
  readonly speakers: readonly SpeakerDistinctiveness[];
  readonly replies: number;
  /** Share of replies attributed to the right speaker; `null` for fewer than two speakers. */
  readonly recognised: number | null;
  /** Wilson's 95 % interval, as if replies were independent. */
  readonly interval: Interval | null;
  /** The share expected by guessing: 1 / number of speakers. */
  readonly chance: number | null;
}

interface Voice {
  readonly participantId: string;
  readonly name: string;
  readonly vectors: readonly TermVector[];
  readonly sum: ReadonlyMap<string, number>;
}

export function distinctiveness(transcript: Transcript): Distinctiveness {
  const voices = voicesOf(transcript);
  if (voices.length < 2) return { speakers: [], replies: 0, recognised: null, interval: null, chance: null };
  const centroids = voices.map(({ sum }) => normalised(sum));
  const speakers = voices.map((voice, own): SpeakerDistinctiveness => {
    const { participantId, name, vectors } = voice;
    const right = vectors.reduce((sum, vector) => {
      const others = centroids.map((centroid, place) =>
        similarity(vector, place === own ? centroidWithout(voice, vector) : centroid),
      );
      const best = Math.max(...others);
      const tied = others.filter((value) => value >= best - 1e-12).length;
      return sum + ((others[own] as number) >= best - 1e-12 ? 1 / tied : 0);
    }, 0);
    return { participantId, name, replies: vectors.length, recognised: right / vectors.length };
  });
  const replies = speakers.reduce((sum, each) => sum + each.replies, 0);
  const recognised = speakers.reduce((sum, each) => sum + each.recognised * each.replies, 0) / replies;
  return {
    speakers,
    replies,
    recognised,
    interval: wilsonInterval(recognised, replies),
    chance: 1 / voices.length,
  };
}

function voicesOf(transcript: Transcript): Voice[] {
  const replies = saidReplies(transcript);
  const vectors = termVectors(
    replies.map(({ text }) => text),
    transcript.language,
  );
  return transcript.participants.flatMap(({ id, name }) => {
    const own = vectors.filter((vector, place) => replies[place]?.participantId === id && vector.size > 0);
    return own.length < 2 ? [] : [{ participantId: id, name, vectors: own, sum: sumOf(own) }];
  });
}

function centroidWithout({ sum }: Voice, vector: TermVector): TermVector {
  const rest = new Map(sum);
  for (const [term, weight] of vector) {
    const left = (rest.get(term) as number) - weight;
    if (left > 1e-12) rest.set(term, left);
    else rest.delete(term);
  }
  return normalised(rest);
}
