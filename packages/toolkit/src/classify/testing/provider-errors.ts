/** For tests: errors and bodies as the providers' own libraries make them. */
import { APICallError, RetryError } from 'ai';

export const headers = (init: Record<string, string> = {}): Headers => new Headers(init);

export const aiError = (
  statusCode: number | undefined,
  body: unknown = {},
  responseHeaders: Record<string, string> = {},
): APICallError =>
  new APICallError({
    message: 'The call failed',
    url: 'http://127.0.0.1/v1',
    requestBodyValues: {},
    ...(statusCode !== undefined && { statusCode }),
    responseHeaders,
    responseBody: JSON.stringify(body),
    data: body,
  });

export const openAiBody = (code: string, type = code): object => ({ error: { message: 'No.', code, type } });
export const anthropicBody = (type: string, message = 'No.', details?: object): object => ({
  type: 'error',
  error: { type, message, details },
});

export const wrapped = (error: unknown): RetryError =>
  new RetryError({
    message: 'Failed after 3 attempts',
    reason: 'maxRetriesExceeded',
    errors: [error, error],
  });

/** As Google's SDK makes it: no headers, and the body as the message. */
export function googleError(status: number, error: object): Error {
  const thrown = Object.assign(new Error(JSON.stringify({ error })), { status });
  thrown.name = 'ApiError';
  return thrown;
}
