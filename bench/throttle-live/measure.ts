import { liveCases } from './cases.ts';
import { contenders } from './contenders.ts';
import { startSimulatorProcess } from './simulator-process.ts';

export const HEADER_MODES = ['all', 'retry-after'] as const;

export interface LiveMeasurement {
  readonly elapsedMs: number;
  readonly timeOverIdeal: number;
  readonly callsFailed: number;
  /** The message of the first error. */
  readonly firstError: string | null;
  readonly refusalsPerSuccess: number;
  /** Requests that arrived before an earlier `Retry-After` had passed, by the simulator's count. */
  readonly beforeRetryAfter: number;
  readonly maxPerSecond: number;
  readonly maxInFlight: number;
}

/** Runs one contender's calls against a new simulator. */
export async function measure(
  caseName: string,
  headers: (typeof HEADER_MODES)[number],
  contender: string,
): Promise<LiveMeasurement> {
  const { flags, calls, idealMs } = liveCases[caseName]!;
  const makeCalls = await contenders[contender]!();
  await using simulator = await startSimulatorProcess([...flags, '--rate-limit-headers', headers]);
  const startedAt = performance.now();
  const { errors, tokens } = await makeCalls(calls, simulator.url);
  const elapsedMs = performance.now() - startedAt;
  const { byStatus, ...log } = await simulator.requests();
  const expected = calls.reduce((sum, call) => sum + call.tokens, 0);
  // The ideal is computed from these costs, so it is valid only if they match.
  if (errors.length === 0 && tokens !== expected) {
    throw new Error(`The calls of case ${caseName} took ${tokens} tokens where ${expected} were expected.`);
  }
  return {
    elapsedMs,
    timeOverIdeal: elapsedMs / idealMs,
    callsFailed: errors.length,
    firstError: errors.length === 0 ? null : String(errors[0]),
    refusalsPerSuccess: (byStatus['429'] ?? 0) / (byStatus['200'] ?? 0),
    beforeRetryAfter: log.beforeRetryAfter,
    maxPerSecond: log.maxPerSecond,
    maxInFlight: log.maxInFlight,
  };
}
