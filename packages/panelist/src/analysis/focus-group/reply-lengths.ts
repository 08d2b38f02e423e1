import { HUMAN_REPLY_WORDS } from '../../focus-group/guide/guide.ts';
import type { Transcript } from '../../focus-group/transcript.ts';
import { mean, median, quantile } from './quantiles.ts';
import { saidReplies } from './said-replies.ts';

export interface ReplyLengths {
  readonly n: number;
  /** Median number of words; `null` without a reply. */
  readonly median: number | null;
  readonly mean: number | null;
  readonly lowerQuartile: number | null;
  readonly upperQuartile: number | null;
  readonly longest: number | null;
  /** `HUMAN_REPLY_WORDS`: the median in human focus groups. */
  readonly humanMedian: number;
  /** `median / humanMedian`; 1 is as long as people's replies. */
  readonly ratio: number | null;
  /** Number of replies in each range, which ends at `upTo` words (`null`: no end) and begins after the previous one. */
  readonly histogram: readonly { readonly upTo: number | null; readonly count: number }[];
  readonly byRound: readonly { readonly round: number; readonly median: number | null }[];
}

const bounds = [10, 25, 50, 75, 100, 150, 250, null] as const;

/** Compares the length of replies with people's (arXiv 2512.00047; models write about 240 words without a limit). */
export function replyLengths(transcript: Transcript): ReplyLengths {
  const replies = saidReplies(transcript);
  const words = replies.map((reply) => reply.words).toSorted((a, b) => a - b);
  const middle = median(words);
  let below = 0;
  return {
    n: words.length,
    median: middle,
    mean: mean(words),
    lowerQuartile: quantile(words, 0.25),
    upperQuartile: quantile(words, 0.75),
    longest: words.at(-1) ?? null,
    humanMedian: HUMAN_REPLY_WORDS,
    ratio: middle === null ? null : middle / HUMAN_REPLY_WORDS,
    histogram: bounds.map((upTo) => {
      const upToHere = upTo === null ? words.length : words.filter((count) => count <= upTo).length;
      const count = upToHere - below;
      below = upToHere;
      return { upTo, count };
    }),
    byRound: transcript.rounds
      .filter((round) => round.replies.length > 0)
      .map(({ round }) => ({
        round,
        median: median(replies.filter((reply) => reply.round === round).map((reply) => reply.words)),
      })),
  };
}
