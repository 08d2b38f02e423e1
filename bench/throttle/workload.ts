import { lognormal, seededRandom } from './random.ts';

/** Number of calls that every contender must complete, and how many can be in flight. */
export const CALLS = 1_000;
export const CONCURRENCY = 100;

/** One call of the fan-out: the same for every contender, attempt and scenario with the same seed. */
export interface Call {
  /** Latency of the reply after admission, whole milliseconds. */
  readonly latencyMs: number;
  /** Known before the call; this is the estimate. */
  readonly promptTokens: number;
  /** Known only with the reply. */
  readonly replyTokens: number;
}

/** Latencies are uniform from 1 to 2 s; prompts and replies are lognormal, about 1,000 tokens per call together. */
export function makeWorkload(seed: number, calls: number = CALLS): readonly Call[] {
  const random = seededRandom(seed);
  return Array.from({ length: calls }, () => ({
    latencyMs: 1_000 + Math.floor(random() * 1_001),
    promptTokens: Math.ceil(lognormal(random, 400, 1)),
    replyTokens: Math.ceil(lognormal(random, 250, 0.8)),
  }));
}

export function tokensOf({ promptTokens, replyTokens }: Call): number {
  return promptTokens + replyTokens;
}
