import { oneLine } from '../text/one-line.ts';
import { shortened } from '../text/shortened.ts';
import { withReadableUsage } from './reply-usage.ts';

/** Bytes of one reply's body, decompressed. A survey page's answer has a few thousand. */
export const maxBodyBytes = 10_000_000;
/** Levels of arrays and objects in a body: replies have about ten, and what reads them recurses. */
const maxBodyDepth = 200;
/** Of a body that is not JSON, in the error. */
const quotedCharacters = 80;

/** A reply that is not used. `statusCode` is the response's, by which `classify` says whether to try again. */
export class ReplyRefusedError extends Error {
  override readonly name = 'ReplyRefusedError';
  readonly code: 'REPLY_TOO_LARGE' | 'REPLY_TOO_DEEP' | 'REPLY_NOT_JSON' | 'REPLY_REDIRECTED';
  readonly statusCode: number;

  constructor(code: ReplyRefusedError['code'], statusCode: number, message: string) {
    super(message);
    this.code = code;
    this.statusCode = statusCode;
  }
}

/**
 * `fetch` for the vendors' packages. A body is bounded while it is read, decompressed size included, and checked before
 * anything is made of it. A redirect is not followed: it would take the key and the prompts along.
 *
 * @throws ReplyRefusedError for a body that is too large or too deeply nested, one under a success that is not JSON, and
 * a redirect
 */
export function boundedFetch(send: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const response = await send(input, { ...init, redirect: 'manual' });
    const { status, statusText, headers } = response;
    if (status >= 300 && status < 400 && headers.has('location')) {
      await response.body?.cancel();
      throw new ReplyRefusedError('REPLY_REDIRECTED', status, redirected(headers.get('location') ?? ''));
    }
    const text = await readBounded(response);
    if (nestingOf(text) > maxBodyDepth)
      throw new ReplyRefusedError(
        'REPLY_TOO_DEEP',
        status,
        `The reply is nested more than ${maxBodyDepth} levels deep.`,
      );
    const readable = withReadableUsage(text);
    if (response.ok && readable === null)
      throw new ReplyRefusedError(
        'REPLY_NOT_JSON',
        status,
        notJson(status, headers.get('content-type'), text),
      );
    const kept = new Headers(headers);
    // The body is decompressed and whole by now.
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name);
    return new Response(status === 204 || status === 205 || status === 304 ? null : (readable ?? text), {
      status,
      statusText,
      headers: kept,
    });
  };
}

async function readBounded(response: Response): Promise<string> {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (bytes > maxBodyBytes)
      throw new ReplyRefusedError(
        'REPLY_TOO_LARGE',
        response.status,
        `The reply has more than ${maxBodyBytes / 1_000_000} MB; it is not read any further.`,
      );
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The deepest level of brackets outside of strings. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) isString = false;
    } else if (code === 0x22) isString = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return deepest;
}

function notJson(status: number, type: string | null, text: string): string {
  const start = shortened(oneLine(text.slice(0, 1_000)), quotedCharacters);
  const what =
    text.trim() === '' ? 'an empty body' : `${type ?? 'no content type'}, beginning ${JSON.stringify(start)}`;
  const isPage = /^\s*<(?:!doctype|html)/i.test(text) || type?.includes('text/html') === true;
  const guess = isPage ? ' This looks like a web page: does the base URL end in /v1?' : '';
  return `The reply is not JSON: HTTP ${status} with ${what}.${guess}`;
}

function redirected(location: string): string {
  let target = 'another address';
  try {
    target = new URL(location).origin;
  } catch {
    // A path: the same server.
  }
  return `The provider's address redirects to ${shortened(oneLine(target), 200)}; a redirect is not followed, since the API key and the prompts would go there too. Use the final address as the base URL.`;
}
