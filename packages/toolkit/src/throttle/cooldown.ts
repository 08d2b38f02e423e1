import type { Clock } from '../clock/clock.ts';
import { COOLDOWN_JITTER } from '../retry/call-throttle.ts';

export interface CooldownOptions {
  readonly clock: Clock;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
}

/** After a shorter closing no steps are needed: the rate stays as it was. */
const LONG_CLOSING_MS = 1_000;
const STEP_MS = 50;
/** 1, 2, 4 … 64 calls, a step each; then it is open. */
const STEPS = 7;
const MAX_JITTER_MS = 500;

/**
 * Stops all calls for as long as the provider asks, and a little longer: up to `COOLDOWN_JITTER` of the wait, at most
 * half a second. After a second or more it opens in steps, one call, then two, then four, 50 ms apart: if the provider
 * still refuses, few have asked.
 */
export class Cooldown {
  readonly #clock: Clock;
  readonly #random: () => number;
  #closedUntil = Number.NEGATIVE_INFINITY;
  #closedMs = 0;
  #passed = 0;

  constructor({ clock, random }: CooldownOptions) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Closes for `waitMs` from now; a closing that lasts longer already stays. */
  close(waitMs: number): void {
    const now = this.#clock.monotonic();
    const until = now + waitMs + Math.min(waitMs * COOLDOWN_JITTER, MAX_JITTER_MS) * this.#random();
    if (until <= this.#closedUntil) return;
    // A short closing that outlasts a long one by a little does not end it.
    this.#closedMs = now < this.#closedUntil ? Math.max(this.#closedMs, waitMs) : waitMs;
    this.#closedUntil = until;
    this.#passed = 0;
  }

  /** Milliseconds until it opens; 0 when it is open. */
  get closedForMs(): number {
    return Math.max(0, this.#closedUntil - this.#clock.monotonic());
  }

  /** Milliseconds until the next call may pass, 0: now. */
  waitMs(): number {
    if (this.#closedMs === 0) return 0;
    const openMs = this.#clock.monotonic() - this.#closedUntil;
    if (openMs < 0) return -openMs;
    if (this.#closedMs < LONG_CLOSING_MS || openMs >= STEPS * STEP_MS) return 0;
    const step = Math.floor(openMs / STEP_MS) + 1;
    return this.#passed < 2 ** step - 1 ? 0 : step * STEP_MS - openMs;
  }

  pass(): void {
    this.#passed += 1;
  }
}
