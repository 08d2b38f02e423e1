import type { AdmissionRules } from './admission.ts';
import type { Hints } from './headers.ts';
import { FixedWindow, SlidingLog, TokenBucket } from './rate-limit.ts';

/** Requests per minute in the scenarios that limit requests. */
export const LIMIT = 500;

export interface Scenario {
  readonly title: string;
  readonly hints: Hints;
  /** Creates rules for a run, because limits have state. */
  readonly rules: () => AdmissionRules;
  /** True if callers give an estimate of their tokens and report the usage. */
  readonly tellsTokens?: boolean;
}

const bucket = (burst: number): TokenBucket => new TokenBucket({ perMinute: LIMIT, burst });
const OUTAGE_MS = 600_000;

const servers: Record<string, Pick<Scenario, 'title' | 'rules'>> = {
  'bucket-500': { title: 'token bucket, burst 500', rules: () => ({ requests: bucket(500) }) },
  'bucket-50': { title: 'token bucket, burst 50', rules: () => ({ requests: bucket(50) }) },
  sliding: {
    title: 'sliding 60 s, refused requests count',
    rules: () => ({ requests: new SlidingLog(LIMIT) }),
  },
  fixed: { title: 'fixed 60 s windows', rules: () => ({ requests: new FixedWindow(LIMIT) }) },
};

const withHints = (prefix: string, hints: Hints, names: readonly string[]): Record<string, Scenario> =>
  Object.fromEntries(
    names.map((name) => [`${prefix}${name}`, { ...servers[name]!, hints } satisfies Scenario]),
  );

/** All measured servers, by name. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  ...withHints('', 'all', Object.keys(servers)),
  tokens: {
    title:
      '500,000 tokens per minute, burst 50,000; lognormal costs of about 1,000, the prompt known in advance',
    hints: 'all',
    tellsTokens: true,
    rules: () => ({
      requests: new TokenBucket({ perMinute: 10_000, burst: 10_000 }),
      tokens: new TokenBucket({ perMinute: 500_000, burst: 50_000 }),
    }),
  },
  changing: {
    title: 'token bucket, burst a tenth of the limit, which halves at 30 s and doubles back at 90 s',
    hints: 'all',
    rules: () => ({
      requests: new TokenBucket({ perMinute: LIMIT, burst: 50 }, [
        { atMs: 30_000, perMinute: LIMIT / 2, burst: 25 },
        { atMs: 90_000, perMinute: LIMIT, burst: 50 },
      ]),
    }),
  },
  ...withHints('no-headers-', 'none', Object.keys(servers)),
  ...withHints('retry-after-only-', 'retry-after', ['bucket-50']),
  'outage-start': {
    title: 'token bucket, burst 500; 503 without a hint for the first 10 minutes',
    hints: 'all',
    rules: () => ({ requests: bucket(500), outage: { fromMs: 0, untilMs: OUTAGE_MS } }),
  },
  'outage-middle': {
    title: 'token bucket, burst 500; 503 without a hint for 10 minutes from 20 s on',
    hints: 'all',
    rules: () => ({ requests: bucket(500), outage: { fromMs: 20_000, untilMs: 20_000 + OUTAGE_MS } }),
  },
  quota: {
    title: 'token bucket, burst 500; insufficient_quota after 200 requests',
    hints: 'all',
    rules: () => ({ requests: bucket(500), paidRequests: 200 }),
  },
};

/** The scenarios selected by names or prefixes of names (`outage`); all if `wanted` is empty. */
export function selectScenarios(wanted: readonly string[]): string[] {
  const names = Object.keys(scenarios);
  if (wanted.length === 0) return names;
  return wanted.flatMap((want) => {
    const found = names.filter((name) => name === want || name.startsWith(`${want}-`));
    if (found.length === 0) throw new Error(`Unknown scenario '${want}'. Choose from ${names.join(', ')}.`);
    return found;
  });
}
