import { read } from './read-property.ts';

/** The part of a provider's JSON error body that says what went wrong. */
export interface ErrorBody {
  readonly message: string;
  readonly type: unknown;
  /** Google and OpenRouter repeat the HTTP status here, as a number. */
  readonly code: unknown;
  /** Google's status name, such as `RESOURCE_EXHAUSTED`. */
  readonly status: unknown;
  /** Anthropic's `details.error_code`. */
  readonly detailCode: unknown;
  /** Google's `details`: `RetryInfo`, `QuotaFailure`, `ErrorInfo`. */
  readonly details: readonly unknown[];
}

/** A longer text is no error body, and parsing it would cost time. */
const LONGEST_BODY = 65_536;

/** Proxies put one JSON error into the message of another. */
const DEEPEST = 3;

/**
 * The bodies found on an error: `error` (openai, Anthropic), `data` and `responseBody` (AI SDK), `body`,
 * `response.data` (axios), or as JSON in `message` (Google).
 */
export function errorBodies(error: object, response: unknown): readonly ErrorBody[] {
  const bodies: ErrorBody[] = [];
  const candidates = [
    read(error, 'error'),
    read(error, 'responseBody'),
    read(error, 'data'),
    read(error, 'body'),
    read(response, 'data'),
  ];
  for (const candidate of candidates) collect(candidate, bodies, DEEPEST);
  collect(read(error, 'message'), bodies, DEEPEST);
  return bodies;
}

function collect(source: unknown, bodies: ErrorBody[], depth: number): void {
  const parsed = typeof source === 'string' ? parseEmbedded(source) : source;
  const outer = Array.isArray(parsed) ? parsed[0] : parsed;
  if (typeof outer !== 'object' || outer === null || depth === 0) return;
  const inner = read(outer, 'error');
  const body = typeof inner === 'object' && inner !== null ? inner : outer;
  const details = read(body, 'details');
  const message = read(body, 'message');
  bodies.push({
    message: typeof message === 'string' ? message : '',
    type: read(body, 'type'),
    code: read(body, 'code'),
    status: read(body, 'status'),
    detailCode: read(details, 'error_code'),
    details: Array.isArray(details) ? details.slice(0, 32) : [],
  });
  collect(message, bodies, depth - 1);
}

/** JSON at the end of a text: some clients write `got status: 429 Too Many Requests. {…}`. */
function parseEmbedded(text: string): unknown {
  const start = text.search(/[{[]/);
  if (start === -1 || text.length > LONGEST_BODY) return undefined;
  try {
    return JSON.parse(text.slice(start));
  } catch {
    return undefined;
  }
}
