import type { Transcript } from '../../focus-group/transcript.ts';
import { type Interval, studentInterval } from '../statistics/intervals.ts';
import { mean } from './quantiles.ts';
import { saidReplies } from './said-replies.ts';
import { squared, sumOf, type TermVector, termVectors } from './term-vectors.ts';

export interface RoundSimilarity {
  readonly round: number;
  readonly speakers: number;
  /** Mean similarity over all pairs of the round's replies, 0 to 1; `null` for fewer than two replies with a content word. */
  readonly similarity: number | null;
}

/**
 * Whether participants come to sound alike, measured by the words that their replies in a round share (cosine of TF-IDF
 * vectors). It compares words, not opinions: opposite statements in the same words count as similar. The question of a
 * round also affects the similarity, so the slope is meaningful only if the rounds' questions are similar.
 */
export interface Convergence {
  readonly rounds: readonly RoundSimilarity[];
  readonly mean: number | null;
  /** Least-squares slope of the similarity per round; `null` for fewer than three rounds. */
  readonly slope: number | null;
  /** 95 % interval of the slope, by Student's t. */
  readonly slopeInterval: Interval | null;
}

export function convergence(transcript: Transcript): Convergence {
  const replies = saidReplies(transcript);
  const vectors = termVectors(
    replies.map(({ text }) => text),
    transcript.language,
  );
  const rounds = transcript.rounds
    .filter((round) => round.replies.length > 0)
    .map(({ round }): RoundSimilarity => {
      const own = vectors.filter((_, place) => replies[place]?.round === round);
      return { round, speakers: own.length, similarity: meanSimilarity(own) };
    });
  const known = rounds.flatMap(({ similarity }, place) =>
    similarity === null ? [] : [[place, similarity] as const],
  );
  return { rounds, mean: mean(known.map(([, similarity]) => similarity)), ...slopeOf(known) };
}

/** Mean over all pairs, from the square of the vectors' sum, which contains every pair twice and every vector once. */
function meanSimilarity(all: readonly TermVector[]): number | null {
  const vectors = all.filter(({ size }) => size > 0);
  const n = vectors.length;
  if (n < 2) return null;
  return Math.min(1, Math.max(0, (squared(sumOf(vectors)) - n) / (n * (n - 1))));
}

function slopeOf(
  points: readonly (readonly [x: number, y: number])[],
): Pick<Convergence, 'slope' | 'slopeInterval'> {
  const n = points.length;
  if (n < 3) return { slope: null, slopeInterval: null };
  const meanX = mean(points.map(([x]) => x)) as number;
  const meanY = mean(points.map(([, y]) => y)) as number;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const left = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, slopeInterval: studentInterval(slope, Math.sqrt(left / (n - 2) / spread), n - 2) };
}
