import type { FaultName } from './faults.ts';

/** How often one request, told by its content, has come and been answered. */
interface RequestCount {
  /** SHA-256 of the body's canonical JSON (sorted keys), in hexadecimal. */
  readonly hash: string;
  readonly received: number;
  /** Sent to the end with status 200 and a whole body, whatever the reply says: what a provider would bill. */
  readonly succeeded: number;
}

/** What has come to `/v1/chat/completions`. `total` = all of `byStatus` + `disconnected` + `abandoned` + `inFlight`. */
export interface RequestSummary {
  readonly simulator: string;
  readonly total: number;
  /** Responses sent to the end, by status code. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Cut by the simulator: the fault `disconnect`. */
  readonly disconnected: number;
  /** The client went away before its response was sent. */
  readonly abandoned: number;
  readonly inFlight: number;
  readonly maxInFlight: number;
  /** Refused with 429 by the configured limits, not by a planted fault. */
  readonly rateLimited: number;
  /** Faults planted, by name; those that have not occurred are missing. `quota`: refused because of `quotaAfter`. */
  readonly faults: Readonly<Partial<Record<FaultName | 'quota', number>>>;
  /** In the order of first arrival. */
  readonly requests: readonly RequestCount[];
}

/** One request's counters; `admitted` counts the attempts that rate limits and quota let through. */
export interface RequestEntry {
  readonly hash: string;
  received: number;
  admitted: number;
  succeeded: number;
}

export type Outcome = { readonly status: number } | 'disconnected' | 'abandoned';

/** Beyond so many different requests the oldest are forgotten (some 200 bytes each). */
const MAX_ENTRIES = 1_000_000;

export class RequestLog {
  readonly #entries = new Map<string, RequestEntry>();
  readonly #byStatus: Record<string, number> = {};
  readonly #faults: Partial<Record<FaultName | 'quota', number>> = {};
  #total = 0;
  #disconnected = 0;
  #abandoned = 0;
  #inFlight = 0;
  #maxInFlight = 0;
  #rateLimited = 0;

  /** A request has come, and nothing is known of it yet. Each is ended once. */
  begin(): void {
    this.#total++;
    this.#inFlight++;
    if (this.#inFlight > this.#maxInFlight) this.#maxInFlight = this.#inFlight;
  }

  end(outcome: Outcome): void {
    this.#inFlight--;
    if (outcome === 'disconnected') this.#disconnected++;
    else if (outcome === 'abandoned') this.#abandoned++;
    else this.#byStatus[outcome.status] = (this.#byStatus[outcome.status] ?? 0) + 1;
  }

  /** Counts a request whose content is now known. */
  received(hash: string): RequestEntry {
    let entry = this.#entries.get(hash);
    if (entry === undefined) {
      entry = { hash, received: 0, admitted: 0, succeeded: 0 };
      this.#entries.set(hash, entry);
      if (this.#entries.size > MAX_ENTRIES) this.#entries.delete(this.#entries.keys().next().value ?? '');
    }
    entry.received++;
    return entry;
  }

  rateLimited(): void {
    this.#rateLimited++;
  }

  fault(name: FaultName | 'quota'): void {
    this.#faults[name] = (this.#faults[name] ?? 0) + 1;
  }

  summary(notice: string): RequestSummary {
    return {
      simulator: notice,
      total: this.#total,
      byStatus: { ...this.#byStatus },
      disconnected: this.#disconnected,
      abandoned: this.#abandoned,
      inFlight: this.#inFlight,
      maxInFlight: this.#maxInFlight,
      rateLimited: this.#rateLimited,
      faults: { ...this.#faults },
      requests: Array.from(this.#entries.values(), ({ hash, received, succeeded }) => ({
        hash,
        received,
        succeeded,
      })),
    };
  }
}
