import { hashText, mix, unit } from '../../packages/panelist/src/random/hash-draws.ts';

/** A chat completion to request. */
export interface LiveCall {
  readonly prompt: string;
  /** Tokens that the simulator charges for prompt and reply. */
  readonly tokens: number;
}

export interface LiveCase {
  readonly title: string;
  /** Flags of `panelist simulate`. */
  readonly flags: readonly string[];
  readonly calls: readonly LiveCall[];
  readonly idealMs: number;
}

const CALLS = 1_500;
/** Every reply's `max_completion_tokens`, so that a call's cost is known in advance. */
export const REPLY_TOKENS = 8;
const LATENCY_MS = { min: 200, max: 600 };
const BURST_MS = 1_000;

/**
 * The ideal time of N calls, the lower bound for any client. The last call cannot be admitted before the limit allows it,
 * and cannot end before the smallest latency has passed.
 *
 * - A limit of r per millisecond with a burst of b milliseconds admits r × (b + t) until t. So for a total cost of S (calls
 *   or tokens): ideal = S ÷ r − b + least latency.
 * - If r becomes s at time c: r × (b + c) are admitted until c, and the rest at s. So
 *   ideal = c + (S − r × (b + c)) ÷ s + least latency.
 *
 * Reply tokens are charged when a call ends. The formula also counts those of the last calls, which makes the ideal of (B)
 * a few milliseconds longer.
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

/** A prompt of `promptTokens` by the simulator's count: one per four characters, and four for the message. */
function callOf(index: number, promptTokens: number): LiveCall {
  const question = `${index}: how do you feel about the weekly market? `;
  return {
    prompt: question.padEnd((promptTokens - 4) * 4, 'The stalls are open from eight to two. '),
    tokens: promptTokens + REPLY_TOKENS,
  };
}

/**
 * Log-normal with median 900 and σ 1.1, at most 20,000 (the mean is about 1,600; three are 20,000). One value comes from
 * each of equally large quantile ranges, in shuffled order, so that the sum does not depend on chance.
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

/** The `share` quantile of the standard normal distribution. */
function normalQuantile(share: number): number {
  let [low, high] = [-6, 6];
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (normalShareBelow(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}

/** Abramowitz and Stegun 7.1.26, accurate to 1e-7. */
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
    title: `100,000 tokens/s, mean ${Math.round(unevenTokens / CALLS)} per call`,
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
