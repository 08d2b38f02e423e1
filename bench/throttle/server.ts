import { Admission, type AdmissionRules, type Verdict } from './admission.ts';
import { type HeaderFields, type Hints, quotaHeaders, retryAfterHeaders } from './headers.ts';
import { type Call, tokensOf } from './workload.ts';

/** Latency of a refusal, milliseconds. */
const REFUSAL_MS = 5;

export interface Reply {
  readonly status: number;
  readonly headers: HeaderFields;
  readonly body: unknown;
}

export interface LoggedRequest {
  /** Milliseconds since the server started. */
  readonly atMs: number;
  readonly call: number;
  readonly verdict: Verdict;
  /** True if an earlier refusal had requested a longer wait or reported an exhausted quota. */
  readonly early: boolean;
}

/** An OpenAI-like server in this process: decides on arrival, replies by the global clock, logs every request. */
export class Server {
  readonly log: LoggedRequest[] = [];
  mostInFlight = 0;
  #inFlight = 0;
  #closedUntilMs = 0;
  readonly #startedAt = Date.now();
  readonly #admission: Admission;
  readonly #workload: readonly Call[];
  readonly #hints: Hints;

  constructor(rules: AdmissionRules, workload: readonly Call[], hints: Hints = 'all') {
    this.#admission = new Admission(rules);
    this.#workload = workload;
    this.#hints = hints;
  }

  request(index: number): Promise<Reply> {
    const call = this.#workload[index]!;
    const atMs = this.#now();
    const verdict = this.#admission.decide(call, atMs);
    this.log.push({ atMs, call: index, verdict, early: atMs < this.#closedUntilMs });
    this.#inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.#inFlight);
    // Headers have the state at admission, which is old when a slow reply delivers them, like OpenAI's.
    const reply = this.#reply(call, verdict, atMs);
    const delayMs = verdict.kind === 'admitted' ? call.latencyMs : REFUSAL_MS;
    return new Promise((resolve) => {
      setTimeout(() => {
        this.#inFlight -= 1;
        this.#recordDelivered(verdict);
        resolve(reply);
      }, delayMs);
    });
  }

  #now(): number {
    return Date.now() - this.#startedAt;
  }

  /** From now on the client knows that it has to wait. */
  #recordDelivered(verdict: Verdict): void {
    if (verdict.kind === 'quota') this.#closedUntilMs = Number.POSITIVE_INFINITY;
    if ('waitMs' in verdict && this.#hints !== 'none')
      this.#closedUntilMs = Math.max(this.#closedUntilMs, this.#now() + verdict.waitMs);
  }

  #reply(call: Call, verdict: Verdict, atMs: number): Reply {
    switch (verdict.kind) {
      case 'admitted':
        return { status: 200, headers: this.#quotaHeaders(atMs), body: completion(call) };
      case 'outage':
        return {
          status: 503,
          headers: {},
          body: failure('The server is overloaded.', 'server_error', null),
        };
      case 'quota':
        return {
          status: 429,
          headers: this.#quotaHeaders(atMs),
          body: failure(
            'You exceeded your current quota, please check your plan and billing details.',
            'insufficient_quota',
            'insufficient_quota',
          ),
        };
      default:
        return {
          status: 429,
          headers: {
            ...this.#quotaHeaders(atMs),
            ...(this.#hints === 'none' ? {} : retryAfterHeaders(verdict.waitMs)),
          },
          body: failure(`Rate limit reached for ${verdict.kind}.`, verdict.kind, 'rate_limit_exceeded'),
        };
    }
  }

  #quotaHeaders(atMs: number): HeaderFields {
    if (this.#hints !== 'all') return {};
    const { requests, tokens } = this.#admission.quotas(atMs);
    return {
      ...quotaHeaders('requests', requests),
      ...(tokens === undefined ? {} : quotaHeaders('tokens', tokens)),
    };
  }
}

function completion(call: Call): unknown {
  return {
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 0,
    model: 'bench',
    choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: call.promptTokens,
      completion_tokens: call.replyTokens,
      total_tokens: tokensOf(call),
    },
  };
}

function failure(message: string, type: string, code: string | null): unknown {
  return { error: { message, type, param: null, code } };
}
