/**
 * A server refused because too much was asked of it. Throw it from calls whose client has no such error;
 * `retryOn: [RateLimitError]` retries it and what `classify` finds to be a rate limit.
 */
export class RateLimitError extends Error {
  override readonly name: string = 'RateLimitError';
  readonly code: 'RATE_LIMIT' = 'RATE_LIMIT';
  /** How long the server said to wait, milliseconds: honoured in full, and not counted as a retry. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string = 'The server refused: too many requests.',
    options: { readonly retryAfterMs?: number | undefined; readonly cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.retryAfterMs = options.retryAfterMs;
  }
}
