/** Calls of one run to a model so far. Tokens are of calls that were made now, not of replayed replies. */
export interface ModelUsage {
  /** HTTP requests, the repeated ones too. */
  requests: number;
  /** Requests that the provider has refused: too many, too many tokens, overloaded, quota exhausted. */
  refusals: number;
  /** Requests that repeat one that was refused or has failed. */
  retries: number;
  /** Replies from the store: no request was sent for them. */
  replayed: number;
  inputTokens: number;
  outputTokens: number;
}

export function noUsage(): ModelUsage {
  return { requests: 0, refusals: 0, retries: 0, replayed: 0, inputTokens: 0, outputTokens: 0 };
}

/** How the time of a run's calls was spent, milliseconds. */
export interface CallTime {
  /** Before the first attempt and between attempts. */
  waitedMs: number;
  /** In attempts. */
  inFlightMs: number;
}
