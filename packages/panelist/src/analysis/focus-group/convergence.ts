import type { Transcript } from '../../focus-group/transcript.ts';
import { type Interval, studentInterval } from '../statistics/intervals.ts';
import { mean } from './quantiles.ts';
import { saidReplies } from './said-replies.ts';
import { squared, sumOf, type TermVector, termVectors } from './term-vectors.ts';

export interface RoundSimilarity {
  readonly round: number;
  readonly speakers: number;
  /** Mean over all pairs of its replies, 0 to 1; `null` for fewer than two with a content word. */
  readonly similarity: number | null;
}

/**
 * Whether those who speak come to sound alike: by the words that their replies of one round have in common (cosine of
 * TF-IDF vectors). It sees words and not opinions: two who say the opposite in the same words are alike to it. Each
 * round asks something else, which makes replies alike or not as well; the slope means something where the rounds are
 * alike.
 */
export interface Convergence {
  readonly rounds: readonly RoundSimilarity[];
  readonly mean: number | null;
  /** Of the similarity from one round to the next, by least squares; `null` for fewer than three rounds. */
  readonly slope: number | null;
  /** Of the slope, 95 %, by Student's t. */
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

/** Over all pairs, by the square of the vectors' sum, which holds every pair twice and every vector once. */
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
