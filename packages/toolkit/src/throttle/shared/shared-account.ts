/** One limit of an account, requests or tokens, as one process sees it. */
export interface LimitReport {
  /** What this process was given as the account's limit; `undefined`: nothing. */
  readonly setPerMinute: number | undefined;
  /** What the newest response reported as the limit; `undefined` where none has since the last exchange. */
  readonly reportedPerMinute: number | undefined;
  /** What was leased and not yet used. 0 or more. */
  readonly held: number;
  /**
   * What came back, in all since the process began: leased and not needed, or reserved and not used. It falls by what calls
   * took beyond their reservation, and may be negative.
   */
  readonly returned: number;
  /** What the next call takes; 0 where none waits. */
  readonly needed: number;
  /** How much the process would like to hold, ahead of need. */
  readonly wanted: number;
}

/** What a process tells the others that call the same account. */
export interface AccountReport {
  /** Names the process's throttle: the same in all its reports, and no other's. */
  readonly member: string;
  readonly requests: LimitReport;
  readonly tokens: LimitReport;
  /** How long an exchange takes, milliseconds: the longer, the more rarely the process is to ask. */
  readonly exchangeMs?: number | undefined;
  /** The provider asks everyone to wait, milliseconds from now. */
  readonly cooldown?: { readonly ms: number; readonly status: number | undefined } | undefined;
  /** A call has found out that the account's quota is exhausted. */
  readonly quotaExhausted?: boolean | undefined;
  /** Calls may be sent again: the account has been topped up, or a new run begins. */
  readonly quotaReset?: boolean | undefined;
}

/** One limit of an account, as all its processes share it. */
export interface LimitState {
  /** The tightest that any process was given or the provider has reported. */
  readonly perMinute: number | undefined;
  /** What leases are taken from, per minute; `undefined`: nothing has to be leased. */
  readonly leasedPerMinute: number | undefined;
  /** What the process holds now, of what it reported and what was added. */
  readonly held: number;
  /** Whether there was less than it wanted. */
  readonly isScarce: boolean;
  /** About how long until there is enough for its next call, milliseconds. */
  readonly waitMs: number;
}

/** What a process is told. */
export interface AccountState {
  readonly requests: LimitState;
  readonly tokens: LimitState;
  /**
   * How long what is held may be used, milliseconds. It counts from when the report was sent, so that a slow answer prolongs
   * nothing.
   */
  readonly leaseMs: number;
  /** How long all else of this is relied on, counted in the same way. */
  readonly validMs: number;
  /** How many processes share the account, with this one. */
  readonly members: number;
  /** How often a process under load should exchange, milliseconds. */
  readonly intervalMs: number;
  /** How long nobody may send, milliseconds from now: the provider has asked for it. */
  readonly cooldown: { readonly ms: number; readonly status: number | undefined } | undefined;
  /** When the quota was found exhausted. `mark` differs each time; `undefined` when that was reset. */
  readonly quota: { readonly mark: number; readonly agoMs: number } | undefined;
}

/**
 * What several processes share of one account, so that together they stay within its limits: give one to each process's
 * `Throttle` (`shared`). `SqlSharedAccounts` of `@panelist/toolkit/sqlite` and `…/postgres` keeps it in a database.
 *
 * A limit per minute is one bucket for all. A process leases parts of it ahead of need, and sends only what it holds. A
 * provider's `Retry-After`, an exhausted quota and the limits in its headers reach every process within a second, or with hundreds
 * of processes when it exchanges next.
 */
export interface SharedAccount {
  /**
   * Reports, leases, and learns what others have reported, in one atomic step. A report may be carried out twice.
   * A rejection that `classify` would retry means that the account is out of reach: calls wait. Any other fails them.
   */
  exchange(report: AccountReport): Promise<AccountState>;
  /** Calls `listener` when another process has reported something. Only a hint. Returns what ends it. */
  listen(listener: () => void): () => void;
}
