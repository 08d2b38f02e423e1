export type ErrorKind =
  /** 429: too many requests or tokens at once. */
  | 'rate-limit'
  /** 503, 529: the server has too much to do. */
  | 'overloaded'
  /** The account is spent: its money, its spend limit or its quota of the day. */
  | 'quota'
  /** The server failed, or replied with something that cannot be read. */
  | 'server'
  /** The request or its reply did not get through. */
  | 'network'
  /** It took too long, here or there. */
  | 'timeout'
  /** Somebody called it off. */
  | 'abort'
  /** The server refused this request, and would again. */
  | 'client'
  /** A mistake in the calling code: a TypeError, an invalid argument, a missing key. */
  | 'programming'
  | 'unknown';

/** What an error means for the decision whether to try again. */
export interface Classification {
  /** `stop`: not again, and neither any other call to the same account. */
  readonly verdict: 'retry' | 'never' | 'stop';
  readonly kind: ErrorKind;
  /** HTTP status. */
  readonly status?: number | undefined;
  /** The code or type that the server or the system gave; the one that decided, where one did. */
  readonly code?: string | undefined;
  /** The wait that the server asked for explicitly, milliseconds. 0: at once. */
  readonly waitMs?: number | undefined;
  /**
   * Without such a wait: the time until the exhausted limits are full again, milliseconds, as an upper bound.
   * Only for `rate-limit`.
   */
  readonly resetMs?: number | undefined;
  /** For people, short. */
  readonly reason: string;
}

/** What each kind means, unless the error says otherwise. */
export const VERDICTS: Readonly<Record<ErrorKind, Classification['verdict']>> = {
  'rate-limit': 'retry',
  overloaded: 'retry',
  quota: 'stop',
  server: 'retry',
  network: 'retry',
  timeout: 'retry',
  abort: 'never',
  client: 'never',
  programming: 'never',
  unknown: 'retry',
};

/** The kinds of error that a server which is down gives. */
export const OUTAGE_KINDS: ReadonlySet<ErrorKind> = new Set(['server', 'overloaded', 'network', 'timeout']);

/** In words, for {@link Classification.reason}. */
export const REASONS: Readonly<Record<ErrorKind, string>> = {
  'rate-limit': 'the server limits the rate',
  overloaded: 'the server is overloaded',
  quota: 'the account’s quota is exhausted',
  server: 'the server failed',
  network: 'the network failed',
  timeout: 'it took too long',
  abort: 'it was aborted',
  client: 'the server refuses this request',
  programming: 'a mistake in the calling code',
  unknown: 'an unknown error',
};
