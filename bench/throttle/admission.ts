import type { Quota, RateLimit } from './rate-limit.ts';
import { type Call, tokensOf } from './workload.ts';

/** The server's decision on an arriving request. */
export type Verdict =
  | { readonly kind: 'admitted' | 'outage' | 'quota' }
  | { readonly kind: 'requests' | 'tokens'; readonly waitMs: number };

export interface AdmissionRules {
  readonly requests: RateLimit;
  readonly tokens?: RateLimit;
  /** The period in which every request fails, milliseconds. */
  readonly outage?: { readonly fromMs: number; readonly untilMs: number };
  /** Number of paid requests; the rest are refused permanently. */
  readonly paidRequests?: number;
}

/** Decides on arrival. Token limits are charged the actual tokens of prompt and reply on admission. */
export class Admission {
  readonly #rules: AdmissionRules;
  #admitted = 0;

  constructor(rules: AdmissionRules) {
    this.#rules = rules;
  }

  /** The decision for `call`, without counting it. */
  preview(call: Call, nowMs: number): Verdict {
    const { requests, tokens, outage, paidRequests = Number.POSITIVE_INFINITY } = this.#rules;
    if (outage !== undefined && nowMs >= outage.fromMs && nowMs < outage.untilMs) return { kind: 'outage' };
    if (this.#admitted >= paidRequests) return { kind: 'quota' };
    const requestWaitMs = requests.waitMs(1, nowMs);
    const tokenWaitMs = tokens?.waitMs(tokensOf(call), nowMs) ?? 0;
    if (requestWaitMs === 0 && tokenWaitMs === 0) return { kind: 'admitted' };
    return requestWaitMs >= tokenWaitMs
      ? { kind: 'requests', waitMs: requestWaitMs }
      : { kind: 'tokens', waitMs: tokenWaitMs };
  }

  decide(call: Call, nowMs: number): Verdict {
    const verdict = this.preview(call, nowMs);
    const { requests, tokens } = this.#rules;
    if (verdict.kind === 'admitted') {
      this.#admitted += 1;
      requests.take(1, nowMs);
      tokens?.take(tokensOf(call), nowMs);
    } else if (verdict.kind === 'requests' || verdict.kind === 'tokens') {
      requests.refuse(1, nowMs);
      // If refusals count, this refusal makes the wait longer than it was on arrival.
      return { ...verdict, waitMs: Math.max(verdict.waitMs, requests.waitMs(1, nowMs)) };
    }
    return verdict;
  }

  quotas(nowMs: number): { readonly requests: Quota; readonly tokens: Quota | undefined } {
    return { requests: this.#rules.requests.quota(nowMs), tokens: this.#rules.tokens?.quota(nowMs) };
  }
}
