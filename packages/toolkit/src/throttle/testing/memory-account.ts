import type { Clock } from '../../clock/clock.ts';
import {
  exchanged,
  LEASE_MS,
  type LedgerEntry,
  type MemberEntry,
  NEW_ENTRY,
  type OtherMembers,
} from '../shared/account-ledger.ts';
import type { AccountReport, AccountState, SharedAccount } from '../shared/shared-account.ts';

/** An account that throttles of one process share. Its clock may be another than theirs, and may be set. */
export class MemoryAccount implements SharedAccount {
  readonly #clock: Clock;
  readonly #members = new Map<string, MemberEntry>();
  readonly #listeners = new Set<() => void>();
  #entry: LedgerEntry;
  /** Added to the clock. */
  skewMs = 0;
  exchanges = 0;
  /** Each exchange rejects with it. */
  failure: unknown;
  /** How long an exchange takes, before and after it is carried out. */
  delayMs: readonly [before: number, after: number] = [0, 0];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#entry = { ...NEW_ENTRY, updatedAt: clock.now() };
  }

  async exchange(report: AccountReport): Promise<AccountState> {
    this.exchanges += 1;
    const [before, after] = this.delayMs;
    await this.#wait(before);
    if (this.failure !== undefined) throw this.failure;
    const now = this.#clock.now() + this.skewMs;
    const { entry, member, state, isNews } = exchanged(
      this.#entry,
      this.#members.get(report.member),
      this.#others(report.member, now),
      report,
      now,
    );
    this.#entry = entry;
    this.#members.set(report.member, member);
    if (isNews) for (const listener of this.#listeners) listener();
    await this.#wait(after);
    return state;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await new Promise<void>((resolve) => this.#clock.setTimer(resolve, ms));
  }

  #others(member: string, now: number): OtherMembers {
    const live = [...this.#members].filter(
      ([each, { renewedAt }]) => each !== member && now < renewedAt + LEASE_MS,
    );
    const others = live.map(([, entry]) => entry);
    const tightest = (limits: readonly (number | null)[]): number | null =>
      limits.reduce(
        (least, each) => (least === null || (each !== null && each < least) ? each : least),
        null,
      );
    const sum = (amounts: readonly number[]): number => amounts.reduce((total, each) => total + each, 0);
    return {
      count: others.length,
      setRequests: tightest(others.map(({ setRequests }) => setRequests)),
      setTokens: tightest(others.map(({ setTokens }) => setTokens)),
      heldRequests: sum(others.map(({ heldRequests }) => heldRequests)),
      heldTokens: sum(others.map(({ heldTokens }) => heldTokens)),
    };
  }
}
