import { hashText, mix, unit } from '../../packages/panelist/src/random/hash-draws.ts';

/** One chat completion to make. */
export interface LiveCall {
  readonly prompt: string;
  /** What the simulator charges for it, prompt and reply. */
  readonly tokens: number;
}

export interface LiveCase {
  readonly title: string;
  /** Of `panelist simulate`. */
  readonly flags: readonly string[];
  readonly calls: readonly LiveCall[];
  readonly idealMs: number;
}

const CALLS = 1_500;
/** Every reply is cut to this by `max_completion_tokens`, so that a call's cost is known before it is made. */
export const REPLY_TOKENS = 8;
const LATENCY_MS = { min: 200, max: 600 };
const BURST_MS = 1_000;

/**
 * The ideal time of N calls: nobody can be faster. The last call cannot be let in before the limit has made room for
 * it, and cannot end before its latency, which is the least that there is.
 *
 * - A limit of r a millisecond with burst b milliseconds lets in r × (b + t) up to t. So for a cost of S in all (calls,
 *   or tokens): ideal = S ÷ r − b + least latency.
 * - Where r becomes s at time c: r × (b + c) are let in up to c, and the rest at s. So
 *   ideal = c + (S − r × (b + c)) ÷ s + least latency.
 *
 * Replies' tokens are charged as they end. The few of those calls that end last are counted as if they had ended
 * before, which makes the ideal of (B) longer by some milliseconds.
 */
function idealMs(
  cost: number,
  perMinute: number,
  later?: { readonly perMinute: number; readonly afterMs: number },
): number {
  const perMs = perMinute / 60_000;
  const aloneMs = cost / perMs - BURST_MS;
  if (later === undefined || aloneMs <= later.afterMs) return Math.max(0, aloneMs) + LATENCY_MS.min;
  const left = cost - perMs * (BURST_MS + later.afterMs);
  return later.afterMs + left / (later.perMinute / 60_000) + LATENCY_MS.min;
}

/** A prompt of so many tokens as the simulator counts them: four characters each, and four for the message. */
function callOf(index: number, promptTokens: number): LiveCall {
  const question = `${index}: how do you feel about the weekly market? `;
  return {
    prompt: question.padEnd((promptTokens - 4) * 4, 'The stalls are open from eight to two. '),
    tokens: promptTokens + REPLY_TOKENS,
  };
}

/**
 * Log-normal with median 900 and σ 1.1, at most 20,000 (the mean is some 1,600; three are of 20,000), one from each
 * of as many equal shares of the distribution and then shuffled, so that the sum does not hang on luck.
 */
function heavyTailed(): LiveCall[] {
  const sizes = Array.from({ length: CALLS }, (_, index) => {
    const size = 900 * Math.exp(1.1 * normalQuantile((index + 0.5) / CALLS));
    return Math.max(20, Math.min(20_000, Math.round(size)));
  });
  const order = new Map(sizes.map((_, index) => [index, unit(mix(hashText('order'), index))]));
  const shuffled = [...order.keys()].sort((a, b) => order.get(a)! - order.get(b)!);
  return shuffled.map((from, index) => callOf(index, sizes[from]!));
}

/** How many standard deviations from the mean `share` of a normal distribution lies below. */
function normalQuantile(share: number): number {
  let [low, high] = [-6, 6];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (normalShareBelow(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}

/** Abramowitz and Stegun 7.1.26, good to 1e-7. */
function normalShareBelow(z: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const above = 0.5 * poly * Math.exp((-z * z) / 2);
  return z < 0 ? above : 1 - above;
}

const even = Array.from({ length: CALLS }, (_, index) => callOf(index, 20));
const uneven = heavyTailed();
const unevenTokens = uneven.reduce((sum, { tokens }) => sum + tokens, 0);
const common = ['--burst-ms', String(BURST_MS), '--latency', `${LATENCY_MS.min}-${LATENCY_MS.max}`];

export const liveCases: Readonly<Record<string, LiveCase>> = {
  A: {
    title: '100 requests/s',
    flags: [...common, '--rpm', '6000'],
    calls: even,
    idealMs: idealMs(CALLS, 6_000),
  },
  B: {
    title: `100,000 tokens/s, ${Math.round(unevenTokens / CALLS)} a call in the mean`,
    flags: [...common, '--tpm', '6000000'],
    calls: uneven,
    idealMs: idealMs(unevenTokens, 6_000_000),
  },
  C: {
    title: '100 requests/s, 40 after 5 s',
    flags: [...common, '--rpm', '6000', '--rpm-then', '2400@5000'],
    calls: even,
    idealMs: idealMs(CALLS, 6_000, { perMinute: 2_400, afterMs: 5_000 }),
  },
};
