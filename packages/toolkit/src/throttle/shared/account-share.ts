import { classify } from '../../classify/classify.ts';
import { isWorthWaiting } from '../../classify/store-fault.ts';
import type { Clock } from '../../clock/clock.ts';
import { WakeUp } from '../call-queue.ts';
import type { Hold } from '../throttle-monitor.ts';
import { ExchangePace } from './exchange-pace.ts';
import type { AccountReport, AccountState, SharedAccount } from './shared-account.ts';
import { SharedLease } from './shared-lease.ts';

/** What a throttle wants of the account that it shares. */
export interface ShareDemand {
  /** Calls that wait and that nothing but the share delays. */
  readonly waiting: number;
  /** Whether calls wait or are under way, for whatever reason. */
  readonly isActive: boolean;
  /** What the next of them takes. */
  readonly tokens: number;
  readonly setRequestsPerMinute: number | undefined;
  readonly setTokensPerMinute: number | undefined;
  /** As the newest headers have it. */
  readonly reportedRequestsPerMinute: number | undefined;
  readonly reportedTokensPerMinute: number | undefined;
}

export interface AccountShareOptions {
  readonly shared: SharedAccount;
  readonly clock: Clock;
  /** Numbers from 0 to 1. */
  readonly random: () => number;
  demand(): ShareDemand;
  /** The provider has asked another process to wait. */
  onCooldown(ms: number, status: number | undefined): void;
  /** Another process found the quota exhausted so long ago; `undefined`: one of them has reset that. */
  onQuota(agoMs: number | undefined): void;
  /** The account cannot be used any more: the calls that wait fail with that error. */
  onFailure(error: unknown): void;
  /** Called when waiting calls may be sent, with the number of processes that share the account. */
  onExchanged(members: number): void;
}

/**
 * A throttle's share of an account: what it may send of its own accord, and the exchanges by which it gets more before
 * that is used up. While calls wait or are under way it exchanges again and again; else it gives back what it holds and is
 * silent, and the next call waits for an exchange.
 */
export class AccountShare {
  readonly #options: AccountShareOptions;
  readonly #member = crypto.randomUUID();
  readonly #requests = new SharedLease();
  readonly #tokens = new SharedLease();
  readonly #pace: ExchangePace;
  readonly #timer: WakeUp;
  #state: AccountState | undefined;
  /** By the monotonic clock: until when the state is relied on. */
  #validUntil = Number.NEGATIVE_INFINITY;
  #nextAt = Number.POSITIVE_INFINITY;
  #isExchanging = false;
  #isClosed = false;
  #stopListening: (() => void) | undefined;
  #isUrgent = false;
  /** When to look at what another process has reported. */
  #hintedAt = Number.POSITIVE_INFINITY;
  // What has not been reported yet.
  #cooldown: { readonly until: number; readonly status: number | undefined } | undefined;
  #quotaExhausted = false;
  #quotaReset = false;
  #hasReportedLimits = false;
  /** The exhausted quota that is known; `null` before the first exchange. */
  #quotaMark: number | undefined | null = null;

  constructor(options: AccountShareOptions) {
    const { clock, random } = options;
    this.#options = options;
    this.#pace = new ExchangePace(random);
    this.#timer = new WakeUp(clock, () => void this.#exchange());
  }

  /** What all processes know of the account's limits. */
  get requestsPerMinute(): number | undefined {
    return this.#state?.requests.perMinute;
  }

  get tokensPerMinute(): number | undefined {
    return this.#state?.tokens.perMinute;
  }

  /** What delays a call of so many tokens; 0 ms if nothing does. */
  hold(tokens: number): Hold {
    const now = this.#options.clock.monotonic();
    if (now >= this.#validUntil) return { ms: this.#untilNext(now), reason: 'shared-account' };
    const { requests, tokens: ofTokens } = this.#state!;
    if (!this.#requests.has(1, now)) return { ms: this.#untilNext(now, requests.waitMs), reason: 'rate' };
    if (!this.#tokens.has(tokens, now))
      return { ms: this.#untilNext(now, ofTokens.waitMs), reason: 'tokens' };
    return { ms: 0, reason: 'rate' };
  }

  /** A call is sent. */
  take(tokens: number): void {
    this.#requests.take(1);
    this.#tokens.take(tokens);
    this.update();
  }

  /** A call has taken `used` tokens instead of `reserved`. */
  settle(reserved: number, used: number): void {
    this.#tokens.settle(reserved, used);
  }

  /** The provider asks everyone to wait. */
  cooldown(ms: number, status: number | undefined): void {
    this.#cooldown = { until: this.#options.clock.monotonic() + ms, status };
    this.#isUrgent = true;
  }

  /** The headers of a response have said what the limits are. */
  limitsReported(): void {
    this.#hasReportedLimits = true;
    const { reportedRequestsPerMinute, reportedTokensPerMinute } = this.#options.demand();
    const isNew = (known: number | undefined, reported: number | undefined): boolean =>
      reported !== undefined && known === undefined;
    this.#isUrgent ||=
      isNew(this.requestsPerMinute, reportedRequestsPerMinute) ||
      isNew(this.tokensPerMinute, reportedTokensPerMinute);
  }

  quotaExhausted(): void {
    this.#quotaExhausted = true;
    this.#isUrgent = true;
  }

  quotaReset(): void {
    this.#quotaExhausted = false;
    this.#quotaReset = true;
    this.#isUrgent = true;
    this.update();
  }

  /** No exchange begins after this, and nothing keeps the process alive. What is held lapses. */
  close(): void {
    this.#isClosed = true;
    this.#timer.cancel();
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  /** Something has changed: plans the next exchange, no later than it is planned already. */
  update(): void {
    if (this.#isExchanging || this.#isClosed) return;
    const now = this.#options.clock.monotonic();
    const dueAt = Math.max(now, this.#dueAt(now));
    if (dueAt >= this.#nextAt) return;
    this.#nextAt = dueAt;
    this.#timer.in(dueAt - now);
  }

  #dueAt(now: number): number {
    const { lastAt, soonestAt, readyAt, nextTurnAt } = this.#pace;
    const { waiting, isActive, tokens } = this.#options.demand();
    const state = this.#state;
    if (this.#isUrgent || (state === undefined && isActive)) return soonestAt;
    const pollAt = Math.max(soonestAt, Math.min(this.#pace.pollAt, this.#hintedAt));
    // A last exchange gives back what is held.
    if (!isActive) return this.#stopListening === undefined ? Number.POSITIVE_INFINITY : pollAt;
    if (state === undefined || now >= this.#validUntil) return readyAt;
    if (waiting === 0) return pollAt;
    const { requests, tokens: tokenState } = state;
    const pacedAt = requests.isScarce || tokenState.isScarce ? nextTurnAt : readyAt;
    if (this.hold(tokens).ms > 0) {
      const waitMs = Math.max(requests.waitMs, tokenState.waitMs);
      return Math.min(Math.max(pacedAt, lastAt + waitMs), Math.max(readyAt, pollAt));
    }
    return this.#requests.isLow || this.#tokens.isLow ? Math.min(pacedAt, pollAt) : pollAt;
  }

  /**
   * Milliseconds until an exchange may bring what is missing, at least 1; Infinity while one is under way, whose end is
   * reported.
   *
   * @param waitMs what the last one said
   */
  #untilNext(now: number, waitMs: number = 0): number {
    if (this.#isExchanging) return Number.POSITIVE_INFINITY;
    return Math.max(1, this.#nextAt - now, this.#pace.lastAt + waitMs - now);
  }

  async #exchange(): Promise<void> {
    if (this.#isExchanging) return;
    this.#isExchanging = true;
    this.#nextAt = Number.POSITIVE_INFINITY;
    const { shared, clock } = this.#options;
    const demand = this.#options.demand();
    const sentAt = clock.monotonic();
    if (demand.isActive) this.#listen();
    const report = this.#report(demand, sentAt);
    const urgent = {
      cooldown: this.#cooldown,
      quotaExhausted: this.#quotaExhausted,
      quotaReset: this.#quotaReset,
      hasReportedLimits: this.#hasReportedLimits,
    };
    this.#isUrgent = false;
    this.#quotaExhausted = false;
    this.#quotaReset = false;
    this.#cooldown = undefined;
    this.#hasReportedLimits = false;
    this.#hintedAt = Number.POSITIVE_INFINITY;
    let failure: unknown;
    try {
      const state = await shared.exchange(report);
      const now = clock.monotonic();
      this.#pace.exchanged(now, now - sentAt, state);
      this.#apply(state, sentAt);
      if (!demand.isActive) this.#sleep();
    } catch (error) {
      failure = error;
      const now = clock.monotonic();
      this.#pace.exchanged(now, now - sentAt, undefined);
      // It is reported with the next.
      this.#cooldown ??= urgent.cooldown;
      this.#quotaExhausted ||= urgent.quotaExhausted && !this.#quotaReset;
      this.#quotaReset ||= urgent.quotaReset;
      this.#hasReportedLimits ||= urgent.hasReportedLimits;
      this.#isUrgent ||= urgent.quotaExhausted || urgent.quotaReset || urgent.cooldown !== undefined;
    } finally {
      this.#isExchanging = false;
    }
    if (failure !== undefined && !isWorthWaiting(failure) && classify(failure).verdict !== 'retry') {
      this.#isUrgent = false;
      this.#options.onFailure(failure);
    }
    this.#options.onExchanged(this.#state?.members ?? 1);
    this.update();
  }

  #report(demand: ShareDemand, now: number): AccountReport {
    const { waiting, tokens } = demand;
    const { intervalMs, exchangeMs } = this.#pace;
    // Of what was used in the last two intervals. What lapses before the next exchange is lost: then little more than in one.
    const expected = 2 * intervalMs > (this.#state?.leaseMs ?? 0) ? 0.6 : 1;
    const calls = Math.max(waiting, this.#requests.recentUse * expected);
    const reports = this.#hasReportedLimits;
    const leftMs = (this.#cooldown?.until ?? now) - now;
    const isIdle = calls === 0;
    return {
      member: this.#member,
      requests: {
        setPerMinute: demand.setRequestsPerMinute,
        reportedPerMinute: reports ? demand.reportedRequestsPerMinute : undefined,
        ...this.#requests.report({ intervalMs, isIdle, needed: waiting > 0 ? 1 : 0, demanded: calls }),
      },
      tokens: {
        setPerMinute: demand.setTokensPerMinute,
        reportedPerMinute: reports ? demand.reportedTokensPerMinute : undefined,
        ...this.#tokens.report({
          intervalMs,
          isIdle,
          needed: waiting > 0 ? tokens : 0,
          demanded: Math.max(waiting * tokens, this.#tokens.recentUse * expected),
        }),
      },
      exchangeMs,
      cooldown: leftMs > 0 ? { ms: leftMs, status: this.#cooldown?.status } : undefined,
      quotaExhausted: this.#quotaExhausted || undefined,
      quotaReset: this.#quotaReset || undefined,
    };
  }

  #apply(state: AccountState, sentAt: number): void {
    this.#state = state;
    this.#validUntil = sentAt + state.validMs;
    this.#requests.granted(state.requests, sentAt + state.leaseMs);
    this.#tokens.granted(state.tokens, sentAt + state.leaseMs);
    if (state.cooldown !== undefined) this.#options.onCooldown(state.cooldown.ms, state.cooldown.status);
    const before = this.#quotaMark;
    this.#quotaMark = state.quota?.mark;
    // One that was exhausted before this process came is for its first call to find out.
    if (before === null || before === this.#quotaMark || this.#quotaReset) return;
    this.#options.onQuota(state.quota?.agoMs);
  }

  #listen(): void {
    if (this.#isClosed) return;
    this.#stopListening ??= this.#options.shared.listen(() => {
      const { clock } = this.#options;
      this.#hintedAt = Math.min(this.#hintedAt, this.#pace.hintedAt(clock.monotonic()));
      this.update();
    });
  }

  #sleep(): void {
    // A call may have come meanwhile.
    if (this.#options.demand().isActive) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
    this.#validUntil = Number.NEGATIVE_INFINITY;
  }
}
