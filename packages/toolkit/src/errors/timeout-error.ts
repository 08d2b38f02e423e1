/**
 * Something took longer than it was allowed: an attempt its `attemptTimeoutMs`, a task its `timeoutMs`.
 * Throw it from your own calls as well; `retryOn: [TimeoutError]` retries it and what `classify` finds to be a
 * timeout.
 */
export class TimeoutError extends Error {
  override readonly name: string = 'TimeoutError';
  readonly code: 'TIMEOUT' = 'TIMEOUT';
  /** The time that was allowed, milliseconds. */
  readonly timeoutMs: number | undefined;

  constructor(
    message: string = 'The call took too long.',
    options: { readonly timeoutMs?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.timeoutMs = options.timeoutMs;
  }
}
