import { HUMAN_REPLY_WORDS } from '../../focus-group/guide/guide.ts';
import type { Transcript } from '../../focus-group/transcript.ts';
import { mean, median, quantile } from './quantiles.ts';
import { saidReplies } from './said-replies.ts';

export interface ReplyLengths {
  readonly n: number;
  /** Words; `null` where there is no reply. */
  readonly median: number | null;
  readonly mean: number | null;
  readonly lowerQuartile: number | null;
  readonly upperQuartile: number | null;
  readonly longest: number | null;
  /** `HUMAN_REPLY_WORDS`: the median of people in focus groups. */
  readonly humanMedian: number;
  /** The median by people's; 1 is as long as people speak. */
  readonly ratio: number | null;
  /** Upper bounds of words (`null`: no bound), and how many replies are that long, the shorter ones left out. */
  readonly histogram: readonly { readonly upTo: number | null; readonly count: number }[];
  readonly byRound: readonly { readonly round: number; readonly median: number | null }[];
}

const bounds = [10, 25, 50, 75, 100, 150, 250, null] as const;

/** How long replies are, beside how long people speak (arXiv 2512.00047; models write some 240 words unless held back). */
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
