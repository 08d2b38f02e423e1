/**
 * Measures the overhead of `withRetry` over a bare await when nothing fails, compared with a hand-written retry loop and
 * similar libraries.
 *
 *     node bench/handler.ts [--rounds 15]
 *
 * The contenders take turns in one process, so that a busy machine slows all of them. Figures are medians over rounds, in
 * nanoseconds per call. It takes about twenty seconds.
 */
import { parseArgs } from 'node:util';
import { ConstantBackoff, handleAll, retry } from 'cockatiel';
import pRetry from 'p-retry';
import { ErrorHandler } from '../packages/toolkit/src/retry/error-handler.ts';
import { Throttle } from '../packages/toolkit/src/throttle/throttle.ts';
import { median } from './median.ts';

type Call = () => Promise<number>;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } });
const rounds = Number(values.rounds);

const call: Call = async () => 1;

const handler = new ErrorHandler({ maxRetries: 3 });
const bounded = new ErrorHandler({ attemptTimeoutMs: 60_000 });
const throttled = new ErrorHandler({ throttle: new Throttle() });
const limited = new ErrorHandler({
  throttle: new Throttle({ requestsPerMinute: 1e9, tokensPerMinute: 1e12 }),
});
const decorated = handler.retryDecorator()(call);
const { signal } = new AbortController();
const cockatiel = retry(handleAll, { maxAttempts: 3, backoff: new ConstantBackoff(1_000) });

async function handWritten(fn: Call): Promise<number> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await fn();
    } catch (error) {
      if (attempt === 3) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000 * 2 ** attempt));
    }
  }
}

/** Each contender with its number of calls per round, which keeps the slow ones below a minute. */
const contenders: Readonly<Record<string, readonly [fn: Call, calls: number]>> = {
  'bare await': [call, 200_000],
  'hand-written loop (the floor)': [() => handWritten(call), 200_000],
  'withRetry(fn)': [() => handler.withRetry(call), 200_000],
  'withRetry(fn, { maxRetries })': [() => handler.withRetry(call, { maxRetries: 5 }), 200_000],
  'withRetry(fn), throttle': [() => throttled.withRetry(call), 100_000],
  'withRetry(fn, { tokens }), throttle with limits': [() => limited.withRetry(call, { tokens: 100 }), 50_000],
  'retryDecorator()(fn)': [decorated, 200_000],
  'withRetry(fn, { signal })': [() => handler.withRetry(call, { signal }), 50_000],
  'withRetry(fn), attemptTimeoutMs': [() => bounded.withRetry(call), 50_000],
  cockatiel: [() => cockatiel.execute(call), 200_000],
  'p-retry': [() => pRetry(call, { retries: 3 }), 20_000],
};

async function nanoseconds(fn: Call, calls: number): Promise<number> {
  const startedAt = process.hrtime.bigint();
  for (let i = 0; i < calls; i++) await fn();
  return Number(process.hrtime.bigint() - startedAt) / calls;
}

const names = Object.keys(contenders);
const taken = new Map<string, number[]>(names.map((name) => [name, []]));
for (let round = -2; round < rounds; round++) {
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    const ns = await nanoseconds(...contenders[name]!);
    if (round >= 0) taken.get(name)!.push(ns);
  }
}

const bare = taken.get('bare await')!;
const rows = names.map((name) => {
  const ns = taken.get(name)!;
  const more = ns.map((each, round) => each - bare[round]!);
  return [
    name,
    { 'ns per call': Math.round(median(ns)), 'more than a bare await': Math.round(median(more)) },
  ];
});
console.log(`${rounds} rounds, medians; Node ${process.version}`);
console.table(Object.fromEntries(rows));
