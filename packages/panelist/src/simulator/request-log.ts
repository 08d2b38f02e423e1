import type { Clock } from '@panelist/toolkit';
import type { FaultName } from './faults.ts';
import { PeakRate } from './peak-rate.ts';
import { ReportedWaits } from './reported-waits.ts';

/** How often one request, identified by its content, has come and been answered. */
export interface RequestCount {
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
  /**
   * Requests that came although a 429 had told their API key (the whole `authorization` header; those without one
   * count as one key) to wait. Each of the 429s sent to a key with `retry-after`, by a limit or a planted fault, tells
   * a wait: that of `retry-after-ms`, which is the exact one, from the moment it was sent. A request counts, once, if
   * any such wait has not passed when it arrives and was told more than 50 ms earlier. What arrives in those 50 ms was
   * under way and is forgiven; a further 429 does not prolong them for the waits told before it. So nothing ever counts
   * for waits of 50 ms or less.
   */
  readonly beforeRetryAfter: number;
  /**
   * The most requests that arrived within 1,000 ms, wherever those begin: everything that came to
   * `/v1/chat/completions`, refused or not. A request arrives when its headers have been read.
   */
  readonly maxPerSecond: number;
  /** The same within 60,000 ms. */
  readonly maxPerMinute: number;
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

/** The most different requests that are remembered; then the oldest are forgotten (some 200 bytes each). */
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
  readonly #reportedWaits: ReportedWaits;
  readonly #peakSecond: PeakRate;
  readonly #peakMinute: PeakRate;

  constructor(clock: Clock) {
    this.#reportedWaits = new ReportedWaits(clock);
    this.#peakSecond = new PeakRate(clock, 1_000);
    this.#peakMinute = new PeakRate(clock, 60_000);
  }

  /** A request has come, and nothing is known of it yet but its key. Each is ended once. */
  begin(apiKey: string): void {
    this.#reportedWaits.arrived(apiKey);
    this.#peakSecond.arrived();
    this.#peakMinute.arrived();
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

  /** A 429 that asks for a wait is being sent. */
  reportedWait(apiKey: string, waitMs: number): void {
    this.#reportedWaits.reported(apiKey, waitMs);
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
      beforeRetryAfter: this.#reportedWaits.disregarded,
      maxPerSecond: this.#peakSecond.most,
      maxPerMinute: this.#peakMinute.most,
      faults: { ...this.#faults },
      requests: Array.from(this.#entries.values(), ({ hash, received, succeeded }) => ({
        hash,
        received,
        succeeded,
      })),
    };
  }
}
