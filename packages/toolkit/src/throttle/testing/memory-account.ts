import type { Clock } from '../../clock/clock.ts';
import { exchanged, type LedgerEntry, type MemberEntry, NEW_ENTRY } from '../shared/account-ledger.ts';
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
  /** How long an exchange keeps the others waiting: as those of a database follow one another on the account's row. */
  rowMs = 0;
  #rowFreeAt = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#entry = { ...NEW_ENTRY, updatedAt: clock.now() };
  }

  async exchange(report: AccountReport): Promise<AccountState> {
    this.exchanges += 1;
    const [before, after] = this.delayMs;
    await this.#wait(before);
    this.#rowFreeAt = Math.max(this.#rowFreeAt, this.#clock.monotonic()) + this.rowMs;
    await this.#wait(this.#rowFreeAt - this.#clock.monotonic());
    if (this.failure !== undefined) throw this.failure;
    const now = this.#clock.now() + this.skewMs;
    const { entry, member, state, isNews } = exchanged(
      this.#entry,
      this.#members.get(report.member),
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
}
