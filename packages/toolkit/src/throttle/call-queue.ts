import type { Clock } from '../clock/clock.ts';
import type { ThrottleRequest } from '../retry/call-throttle.ts';
import { FairOrder } from './fair-order.ts';
import type { Permit } from './permit.ts';
import type { WaitReason } from './throttle-monitor.ts';

/** A call that waits for its permit. */
export class WaitingCall {
  readonly request: ThrottleRequest;
  readonly priority: number;
  readonly group: string;
  readonly returning: boolean;
  readonly retry: boolean;
  /** By the monotonic clock, milliseconds. */
  readonly since: number;
  readonly permit: Promise<Permit>;
  /** What it waits for; known when it is first in line. */
  waitsFor: WaitReason = 'rate';
  resolve!: (permit: Permit) => void;
  reject!: (error: unknown) => void;

  constructor(request: ThrottleRequest, since: number) {
    this.request = request;
    this.priority = request.priority ?? 0;
    this.group = request.group ?? '';
    this.returning = request.returning ?? false;
    this.retry = request.retry ?? false;
    this.since = since;
    this.permit = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

interface Listening {
  readonly calls: Set<WaitingCall>;
  readonly stop: () => void;
}

/**
 * The queue, and what removes a call before its turn: its signal, or an error for all. One signal has one listener,
 * however many calls wait on it, and none when they are gone.
 */
export class CallQueue {
  readonly order: FairOrder<WaitingCall> = new FairOrder();
  readonly #bySignal = new Map<AbortSignal, Listening>();
  readonly #onAborted: () => void;

  /** @param onAborted called after a signal has taken calls out */
  constructor(onAborted: () => void) {
    this.#onAborted = onAborted;
  }

  add(call: WaitingCall): void {
    this.order.add(call);
    const { signal } = call.request;
    if (signal === undefined) return;
    const listening = this.#bySignal.get(signal) ?? this.#listen(signal);
    listening.calls.add(call);
  }

  remove(call: WaitingCall): void {
    this.order.remove(call);
    const { signal } = call.request;
    const listening = signal && this.#bySignal.get(signal);
    if (signal === undefined || listening === undefined) return;
    listening.calls.delete(call);
    if (listening.calls.size > 0) return;
    this.#bySignal.delete(signal);
    listening.stop();
  }

  /** Rejects the calls whose request `applies` accepts, with that error. */
  reject(error: unknown, applies: (request: ThrottleRequest) => boolean = () => true): void {
    for (const call of [...this.order]) {
      if (!applies(call.request)) continue;
      this.remove(call);
      call.reject(error);
    }
  }

  #listen(signal: AbortSignal): Listening {
    const calls = new Set<WaitingCall>();
    const onAbort = (): void => {
      for (const call of [...calls]) {
        this.remove(call);
        call.reject(signal.reason);
      }
      this.#onAborted();
    };
    signal.addEventListener('abort', onAbort);
    const listening = { calls, stop: () => signal.removeEventListener('abort', onAbort) };
    this.#bySignal.set(signal, listening);
    return listening;
  }
}

/** One timer that is set again whenever the next due time changes. */
export class WakeUp {
  readonly #clock: Clock;
  readonly #wake: () => void;
  #cancelTimer: (() => void) | undefined;
  #at = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** In `ms` milliseconds, and at no other time; Infinity: not at all. */
  in(ms: number): void {
    const at = this.#clock.monotonic() + ms;
    if (this.#cancelTimer !== undefined && this.#at === at) return;
    this.cancel();
    if (ms === Number.POSITIVE_INFINITY) return;
    this.#at = at;
    this.#cancelTimer = this.#clock.setTimer(() => {
      this.#cancelTimer = undefined;
      this.#wake();
    }, Math.ceil(ms));
  }

  cancel(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}
