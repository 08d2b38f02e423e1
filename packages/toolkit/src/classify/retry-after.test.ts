import { APIError as AnthropicError } from '@anthropic-ai/sdk';
import { APICallError, RetryError } from 'ai';
import { APIError as OpenAIError } from 'openai';
import { describe, expect, it } from 'vitest';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import { MAX_WAIT_MS } from './durations.ts';
import { type WaitHint, waitHint } from './retry-after.ts';

const now = Date.UTC(2026, 10, 23, 12, 0, 0);
const hint = (source: unknown): WaitHint | undefined => waitHint(source, { now });
const callError = (responseHeaders: Record<string, string>, statusCode = 429): APICallError =>
  new APICallError({
    message: 'refused',
    url: 'http://x',
    requestBodyValues: {},
    statusCode,
    responseHeaders,
  });

describe('explicit waits', () => {
  it.each<[Record<string, string>, number, WaitHint['source']]>([
    [{ 'retry-after-ms': '1500' }, 1_500, 'retry-after-ms'],
    [{ 'retry-after-ms': '12.5' }, 13, 'retry-after-ms'],
    [{ 'retry-after': '30' }, 30_000, 'retry-after'],
    [{ 'retry-after': '0.5' }, 500, 'retry-after'],
    [{ 'retry-after': '0' }, 0, 'retry-after'],
    [{ 'retry-after': 'Mon, 23 Nov 2026 12:00:07 GMT' }, 7_000, 'retry-after'],
    [{ 'retry-after': '2026-11-23T12:00:07Z' }, 7_000, 'retry-after'],
    [{ 'retry-after': 'Mon, 23 Nov 2026 11:59:00 GMT' }, 0, 'retry-after'],
    [{ 'Retry-After': '2' }, 2_000, 'retry-after'],
    [{ 'retry-after-ms': '100', 'retry-after': '9' }, 100, 'retry-after-ms'],
    [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, 9_000, 'retry-after'],
    [{ 'retry-after': '3', 'x-ratelimit-reset-requests': '6m0s' }, 3_000, 'retry-after'],
    [{ 'retry-after': '9'.repeat(400) }, MAX_WAIT_MS, 'retry-after'],
  ])('%j', (headers, waitMs, source) => {
    const wanted = { waitMs, source, explicit: true };
    expect(hint(headers)).toEqual(wanted);
    expect(hint(new Headers(headers))).toEqual(wanted);
    expect(hint(callError(headers))).toEqual(wanted);
    expect(hint(OpenAIError.generate(429, {}, undefined, new Headers(headers)))).toEqual(wanted);
  });

  it.each(['', '-1', 'NaN', '1e300', 'Infinity', 'soon', '2026'.padEnd(500, '-')])(
    'takes no hint from retry-after: %j',
    (value) => {
      expect(hint({ 'retry-after': value })).toBeUndefined();
    },
  );

  it('reads lists and numbers, as other clients keep them', () => {
    expect(hint({ 'retry-after': ['4', '5'] })?.waitMs).toBe(4_000);
    expect(hint({ response: { status: 429, headers: { 'retry-after': 4 } } })?.waitMs).toBe(4_000);
  });

  it('finds the wait of an error that is wrapped', () => {
    const inner = callError({ 'retry-after': '4' });
    const retried = new RetryError({ message: 'm', reason: 'maxRetriesExceeded', errors: [inner, inner] });
    expect(hint(retried)?.waitMs).toBe(4_000);
    expect(hint(new Error('outer', { cause: retried }))?.waitMs).toBe(4_000);
  });

  it.each([
    ['1.1', 1_100],
    ['0.1', 100],
    ['2.007', 2_007],
    ['16.1', 16_100],
    ['1.0001', 1_001],
    ['0.0004', 1],
    ['1.', 1_000],
    ['.5', 500],
  ])(
    'reads %s seconds as %i ms: never less, and no millisecond more for a binary fraction',
    (text, waitMs) => {
      expect(hint(callError({ 'retry-after': text }))).toEqual({
        waitMs,
        source: 'retry-after',
        explicit: true,
      });
    },
  );

  it('takes the retryAfterMs of a RateLimitError, and looks at its cause without one', () => {
    expect(hint(new RateLimitError('m', { retryAfterMs: 250 }))).toEqual({
      waitMs: 250,
      source: 'error',
      explicit: true,
    });
    expect(hint(new RateLimitError('m', { cause: callError({ 'retry-after': '4' }) }))?.waitMs).toBe(4_000);
    for (const retryAfterMs of [Number.NaN, -1]) {
      expect(hint(new RateLimitError('m', { retryAfterMs }))).toBeUndefined();
    }
  });
});

describe('Google, which has no headers', () => {
  const body = (retryDelay: unknown): string =>
    JSON.stringify({
      error: {
        code: 429,
        status: 'RESOURCE_EXHAUSTED',
        message: 'Quota exceeded. Please retry in 5s.',
        details: [
          { '@type': 'type.googleapis.com/google.rpc.Help', links: [] },
          { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay },
        ],
      },
    });

  it.each([
    ['the message, as its SDK has it', () => Object.assign(new Error(body('33s')), { status: 429 })],
    ['the message, after some words', () => new Error(`got status: 429 Too Many Requests. ${body('33s')}`)],
    [
      'JSON within the message of JSON',
      () => new Error(JSON.stringify({ error: { message: body('33s'), code: 429 } })),
    ],
    [
      'the AI SDK’s responseBody',
      () =>
        new APICallError({
          message: 'm',
          url: 'u',
          requestBodyValues: {},
          statusCode: 429,
          responseBody: body('33s'),
        }),
    ],
    ['a list, as a stream has it', () => new Error(`[${body('33s')}]`)],
  ])('RetryInfo in %s', (_, error) => {
    expect(hint(error())).toEqual({ waitMs: 33_000, source: 'retry-info', explicit: true });
  });

  it.each(['soon', 33, null, '', '-3s'])(
    'takes no hint from retryDelay %j, nor from the sentence',
    (delay) => {
      expect(hint(new Error(body(delay)))).toBeUndefined();
    },
  );
});

describe('reset headers', () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ['alone', { 'x-ratelimit-reset-requests': '1s' }, 1_000],
    [
      'the largest of the exhausted',
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '12ms',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      360_000,
    ],
    [
      'not of what is left',
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '2s',
        'x-ratelimit-remaining-tokens': '100',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      2_000,
    ],
    ['Azure’s -1', { 'x-ratelimit-reset-requests': '-1', 'x-ratelimit-remaining-requests': '-1' }, undefined],
    ['Azure’s 0', { 'x-ratelimit-reset-requests': '0', 'x-ratelimit-reset-tokens': '0' }, undefined],
    ['a number without unit', { 'x-ratelimit-reset-requests': '60' }, undefined],
    [
      'Anthropic’s instants',
      {
        'anthropic-ratelimit-requests-remaining': '49',
        'anthropic-ratelimit-requests-reset': '2026-11-23T12:10:00Z',
        'anthropic-ratelimit-input-tokens-remaining': '0',
        'anthropic-ratelimit-input-tokens-reset': '2026-11-23T12:00:21Z',
        'anthropic-ratelimit-output-tokens-remaining': '0',
        'anthropic-ratelimit-output-tokens-reset': '2026-11-23T12:00:05Z',
      },
      21_000,
    ],
    [
      'an instant that is past',
      {
        'anthropic-ratelimit-tokens-remaining': '0',
        'anthropic-ratelimit-tokens-reset': '2026-11-23T11:00:00Z',
      },
      undefined,
    ],
    ['nothing', {}, undefined],
  ])('%s', (_, headers, waitMs) => {
    const wanted = waitMs === undefined ? undefined : { waitMs, source: 'reset-headers', explicit: false };
    expect(hint(headers)).toEqual(wanted);
    expect(hint(AnthropicError.generate(429, {}, undefined, new Headers(headers)))).toEqual(wanted);
  });
});

it.each([undefined, null, 0, '', 'retry-after: 5', Symbol('x'), [], {}, () => {}, new Error('no')])(
  'has no hint in %s',
  (source) => {
    expect(waitHint(source)).toBeUndefined();
  },
);

it('survives headers that throw', () => {
  const headers = {
    get(): never {
      throw new Error('no');
    },
  };
  expect(hint(Object.assign(new Error('x'), { headers }))).toBeUndefined();
});
