import type { BreakerCall } from '../circuit-breaker/circuit-breaker.ts';
import type { CallPermit, CallReport, ThrottleRequest } from '../retry/call-throttle.ts';
import type { Reservation } from './limits/provider-limits.ts';

/** A request under way, with the key that each part of the throttle knows it by. */
export interface Call {
  readonly request: ThrottleRequest;
  readonly group: string;
  readonly isProbe: boolean;
  /** By the monotonic clock, milliseconds. */
  readonly startedAt: number;
  readonly reservation: Reservation;
  readonly sequence: number;
  readonly breakerCall: BreakerCall;
}

/** Called once with how a call ended. */
export interface Settlement {
  succeeded(call: Call, report: CallReport | undefined): void;
  failed(call: Call, error: unknown, report: CallReport | undefined): void;
  abandoned(call: Call): void;
}

/** A `CallPermit` of a `Throttle`. */
export class Permit implements CallPermit {
  readonly isProbe: boolean;
  readonly #settlement: Settlement;
  #call: Call | undefined;

  constructor(call: Call, settlement: Settlement) {
    this.#settlement = settlement;
    this.#call = call;
    this.isProbe = call.isProbe;
  }

  succeeded(report?: CallReport): void {
    const call = this.#settle();
    if (call !== undefined) this.#settlement.succeeded(call, report);
  }

  failed(error: unknown, report?: CallReport): void {
    const call = this.#settle();
    if (call !== undefined) this.#settlement.failed(call, error, report);
  }

  abandoned(): void {
    const call = this.#settle();
    if (call !== undefined) this.#settlement.abandoned(call);
  }

  #settle(): Call | undefined {
    const call = this.#call;
    this.#call = undefined;
    return call;
  }
}
