import { z } from '@hono/zod-openapi';
import { ToolkitError, type ToolkitErrorCode } from '@panelist/toolkit';
import type { ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { PanelistError, type PanelistErrorCode } from '../../panelist-error.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import { ServerError, statusOfServerError } from './server-error.ts';

/** RFC 9457, with the code of the command line. */
export const problemDetails = z
  .object({
    type: z.string().openapi({ example: 'urn:panelist:TASK_NOT_FOUND' }),
    title: z.string(),
    status: z.int(),
    /** For people. */
    detail: z.string(),
    /** Stable: match on it. */
    code: z.string(),
  })
  .openapi('Problem');

export type ProblemDetails = z.infer<typeof problemDetails>;

type ErrorStatus = 400 | 401 | 402 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503 | 507;

const ofPanelist: Readonly<Record<PanelistErrorCode, ErrorStatus>> = {
  USAGE: 400,
  FILE_NOT_FOUND: 404,
  FILE_NOT_READABLE: 422,
  FILE_NOT_WRITABLE: 500,
  FILE_EXISTS: 409,
  OUTPUT_FORMAT: 400,
  SURVEY_INVALID: 422,
  SURVEY_UNSUPPORTED: 422,
  VALUE_TOO_LONG: 422,
  CHOICES_INVALID: 422,
  AUDIENCE_INVALID: 422,
  AUDIENCE_EMPTY: 422,
  TARGETS_INVALID: 422,
  GUIDE_INVALID: 422,
  GROUP_NOT_FOUND: 404,
  GROUP_CHANGED: 409,
  REPLY_UNUSABLE: 422,
  RAKING_FAILED: 422,
  MODEL_UNKNOWN: 422,
  API_KEY_MISSING: 422,
  ADDRESS_UNCONFIRMED: 403,
  PRICE_UNKNOWN: 422,
  PRICES_INVALID: 500,
  BUDGET_EXHAUSTED: 402,
  CONFIG_INVALID: 500,
  ROW_INVALID: 500,
  TASK_NOT_FOUND: 404,
  WORKERS_ALIVE: 409,
  POSTGRES_NEEDED: 400,
  TASK_AMBIGUOUS: 409,
};

const ofToolkit: Partial<Readonly<Record<ToolkitErrorCode, ErrorStatus>>> = {
  INVALID_OPTION: 400,
  TASK_NOT_FOUND: 404,
  ILLEGAL_TRANSITION: 409,
  LEASE_LOST: 409,
  DUPLICATE_ITEM: 422,
  RUNNER_CLOSED: 503,
  STORE_BUSY: 503,
  STORE_FULL: 507,
  STORE_CLOSED: 503,
  STORE_UNAVAILABLE: 503,
  STORE_OUTDATED: 503,
  STORE_NEWER: 503,
};

const titles: Readonly<Record<ErrorStatus, string>> = {
  400: 'The request is not valid',
  401: 'Login required',
  402: 'A limit is reached',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not possible this way',
  409: 'Not possible now',
  413: 'Too large',
  415: 'Unsupported content type',
  422: 'The content cannot be used',
  429: 'Too many attempts',
  500: 'A fault in Panelist',
  503: 'Not available now',
  507: 'The disk is full',
};

/** @param error anything that was thrown */
export function problemOf(error: unknown): ProblemDetails & { readonly status: ErrorStatus } {
  const { status, code, detail } = described(error);
  return { type: `urn:panelist:${code}`, title: titles[status], status, detail, code };
}

function described(error: unknown): {
  readonly status: ErrorStatus;
  readonly code: string;
  readonly detail: string;
} {
  if (error instanceof ServerError)
    return { status: statusOfServerError[error.code], code: error.code, detail: safe(error.message) };
  // Hono's own: a body that isn't JSON.
  if (error instanceof HTTPException && error.status === 400)
    return { status: 400, code: 'REQUEST_INVALID', detail: 'The body of the request is not JSON.' };
  if (error instanceof PanelistError)
    return { status: ofPanelist[error.code], code: error.code, detail: safe(error.message) };
  if (error instanceof ToolkitError)
    return { status: ofToolkit[error.code] ?? 500, code: error.code, detail: safe(error.message) };
  return {
    status: 500,
    code: 'INTERNAL',
    detail: 'Something went wrong in Panelist itself. The server has written it to its log.',
  };
}

/** Messages quote files and replies; a page shows them as text, and line breaks stay. */
function safe(message: string): string {
  return message.split('\n').map(terminalSafe).join('\n').slice(0, 8_000);
}

/** Writes what isn't expected to the log, and answers every error as problem details. */
export function problemResponses(log: (error: unknown) => void): ErrorHandler {
  return (error, c) => {
    const problem = problemOf(error);
    if (problem.status === 500) log(error);
    return c.json(problem, problem.status, { 'Content-Type': 'application/problem+json' });
  };
}
