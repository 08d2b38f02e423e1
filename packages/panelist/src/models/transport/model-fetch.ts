import { pipeline, type Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import { oneLine } from '../../text/one-line.ts';
import { shortened } from '../../text/shortened.ts';
import { ModelCallError } from '../model-call-error.ts';
import { connectionError } from './connection-error.ts';
import { dispatcherFor } from './dispatcher.ts';
import type { ProxySettings } from './proxy-settings.ts';
import { nestingOf, type ReplyBody, readReplyBody } from './reply-body.ts';

/** Bytes of one reply's body, decompressed. A survey page's answer has a few thousand. */
const maxBodyBytes = 10_000_000;
/** Levels of arrays and objects in a body: replies have about ten, and what reads them recurses. */
const maxBodyDepth = 200;
/** Of a body that is not JSON, in the error. */
const quotedCharacters = 80;
const longestHeader = 200;

/** Headers that are read: how long to wait, what is left of the limits, and the request's id for support. */
const usedHeader =
  /^(?:content-type|retry-after(?:-ms)?|x-should-retry|(?:x-)?request-id|(?:x-|anthropic-)?ratelimit-[\w-]{1,60})$/;

const decompressors = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} as const;

type Headers = Dispatcher.ResponseData['headers'];

/**
 * `fetch` for the vendors' packages, over undici's `request`, which takes less CPU than any `fetch` and never follows a
 * redirect: that would take the key and the prompts along. A body is bounded while it is read, decompressed size
 * included, and checked before anything is made of it. The caller's signal ends the whole call, also in the middle of
 * the body.
 *
 * @throws ModelCallError for a server that is not reached, a redirect, a body that is too large, too deeply nested or,
 * under a success, not JSON, and an error that a provider reports under a success; the signal's reason if it aborts
 */
export function modelFetch(proxies: ProxySettings): typeof fetch {
  const dispatcher = dispatcherFor(proxies);
  return async (input, init = {}) => {
    const signal = init.signal ?? undefined;
    try {
      const response = await request(input as string | URL, {
        dispatcher,
        method: init.method ?? 'GET',
        headers: init.headers as Record<string, string>,
        body: init.body as string,
        ...(signal !== undefined && { signal }),
      });
      return await read(response);
    } catch (error) {
      signal?.throwIfAborted();
      throw connectionError(error);
    }
  };
}

async function read({ statusCode, statusText, headers, body }: Dispatcher.ResponseData): Promise<Response> {
  const { location, 'content-type': contentType = null } = headers;
  if (statusCode >= 300 && statusCode < 400 && location !== undefined) {
    // What is left of it is nobody's concern, nor how it ends.
    body.on('error', () => {}).destroy();
    throw refused('REPLY_REDIRECTED', statusCode, redirected(String(location)));
  }
  const text = await readBounded(decompressed(body, headers), statusCode).catch((error: unknown) => {
    if (error instanceof ModelCallError || body.errored !== null) throw error;
    throw refused('REPLY_NOT_JSON', statusCode, `The reply cannot be decompressed: ${String(error)}`);
  });
  if (nestingOf(text) > maxBodyDepth)
    throw refused('REPLY_TOO_DEEP', statusCode, `The reply is nested more than ${maxBodyDepth} levels deep.`);
  const usedHeaders = used(headers);
  const isSuccess = statusCode >= 200 && statusCode < 300;
  const readable = readReplyBody(text);
  if (isSuccess && readable === undefined)
    throw refused('REPLY_NOT_JSON', statusCode, notJson(statusCode, contentType, text));
  if (isSuccess && readable?.error !== undefined) throw reported(readable.error, statusCode, usedHeaders);
  const hasNoBody = statusCode === 204 || statusCode === 205 || statusCode === 304;
  return new Response(hasNoBody ? null : (readable?.text ?? text), {
    // A `Response` takes no other status, and no other text.
    status: Math.min(statusCode, 599),
    statusText: plainText(statusText),
    headers: usedHeaders,
  });
}

function refused(
  code: 'REPLY_TOO_LARGE' | 'REPLY_TOO_DEEP' | 'REPLY_NOT_JSON' | 'REPLY_REDIRECTED',
  statusCode: number,
  message: string,
): ModelCallError {
  return new ModelCallError(message, { code, statusCode });
}

function decompressed(body: Readable, headers: Headers): Readable {
  const encoding = String(headers['content-encoding'] ?? '').toLowerCase();
  if (!Object.hasOwn(decompressors, encoding)) return body;
  // Errors reach the reader, and the body ends when the reader stops.
  return pipeline(body, decompressors[encoding as keyof typeof decompressors](), () => {});
}

async function readBounded(body: Readable, statusCode: number): Promise<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    // Leaving the loop ends the connection.
    if (bytes > maxBodyBytes)
      throw refused(
        'REPLY_TOO_LARGE',
        statusCode,
        `The reply has more than ${maxBodyBytes / 1_000_000} MB; it is not read any further.`,
      );
    text += decoder.decode(chunk, { stream: true });
  }
  // undici takes a connection for free a turn of the event loop later: a call that followed at once would open another.
  await setImmediate();
  return text + decoder.decode();
}

function used(headers: Headers): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!usedHeader.test(name)) continue;
    const first = Array.isArray(value) ? value[0] : value;
    found[name] = plainText(String(first));
  }
  return found;
}

/** Headers and statuses are ASCII. */
function plainText(text: string): string {
  return oneLine(text.slice(0, longestHeader).replace(/[^\x20-\x7e]/g, ' '));
}

/** By its code it is classified as an HTTP error would be. */
function reported(
  error: NonNullable<ReplyBody['error']>,
  statusCode: number,
  responseHeaders: Record<string, string>,
): ModelCallError {
  const { message, code } = error;
  const status = Number(code);
  const said = typeof message === 'string' && message !== '' ? message : JSON.stringify(error);
  return new ModelCallError(`The provider reports an error with HTTP ${statusCode}: ${said}`, {
    code: 'REPLY_IS_ERROR',
    statusCode: status >= 400 && status <= 599 ? status : statusCode,
    responseHeaders,
    data: { error },
  });
}

function notJson(status: number, type: unknown, text: string): string {
  const start = shortened(oneLine(text.slice(0, 1_000)), quotedCharacters);
  const what =
    text.trim() === ''
      ? 'an empty body'
      : `${shortened(oneLine(String(type ?? 'no content type')), quotedCharacters)}, beginning ${JSON.stringify(start)}`;
  const isPage = /^\s*<(?:!doctype|html)/i.test(text) || String(type).includes('text/html');
  const guess = isPage ? ' This looks like a web page: does the base URL end in /v1?' : '';
  return `The reply is not JSON: HTTP ${status} with ${what}.${guess}`;
}

function redirected(location: string): string {
  // A path is on the same server.
  const target = URL.parse(location)?.origin ?? 'another address';
  return `The provider's address redirects to ${shortened(oneLine(target), 200)}; a redirect is not followed, since the API key and the prompts would go there too. Use the final address as the base URL.`;
}
