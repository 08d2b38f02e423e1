import { Admission, type AdmissionRules } from './admission.ts';
import { type Call, CONCURRENCY } from './workload.ts';

/**
 * The time of an omniscient client in milliseconds; `undefined` if the server never admits all calls.
 *
 * It is simulated with the same rules, latencies and costs. The client sends the calls in order, each in the first
 * millisecond in which one of its `concurrency` slots is free and the server would admit it, so that it is never refused.
 * It does not reorder calls; a client that sent long calls first could be faster by less than one latency.
 */
export function idealMs(
  rules: AdmissionRules,
  workload: readonly Call[],
  concurrency: number = CONCURRENCY,
): number | undefined {
  const admission = new Admission(rules);
  const freeAt: number[] = Array.from({ length: concurrency }, () => 0);
  let nowMs = 0;
  let endMs = 0;
  for (const call of workload) {
    const slot = freeAt.indexOf(Math.min(...freeAt));
    nowMs = Math.max(nowMs, freeAt[slot]!);
    for (let { kind } = admission.preview(call, nowMs); kind !== 'admitted'; ) {
      if (kind === 'quota') return undefined;
      nowMs += 1;
      kind = admission.preview(call, nowMs).kind;
    }
    admission.decide(call, nowMs);
    freeAt[slot] = nowMs + call.latencyMs;
    endMs = Math.max(endMs, freeAt[slot]!);
  }
  return endMs;
}
