import { createServer } from 'node:net';
import Anthropic, { APIError as AnthropicError } from '@anthropic-ai/sdk';
import {
  APICallError,
  EmptyResponseBodyError,
  LoadAPIKeyError,
  NoObjectGeneratedError,
  TypeValidationError,
} from 'ai';
import fc from 'fast-check';
import OpenAI, { APIError as OpenAIError } from 'openai';
import { describe, expect, it } from 'vitest';
import { RateLimitError } from '../errors/rate-limit-error.ts';
import { TimeoutError } from '../errors/timeout-error.ts';
import { ToolkitError } from '../errors/toolkit-error.ts';
import type { Classification } from './classification.ts';
import { classify } from './classify.ts';
import {
  aiError,
  anthropicBody,
  googleError,
  headers,
  openAiBody,
  wrapped,
} from './testing/provider-errors.ts';

/** One refusal as each of the libraries throws it. */
function everyLibrary(status: number, code: string): [string, unknown][] {
  return [
    ['ai', aiError(status, openAiBody(code))],
    ['ai RetryError', wrapped(aiError(status, openAiBody(code)))],
    ['openai', OpenAIError.generate(status, openAiBody(code), undefined, headers())],
    ['Anthropic', AnthropicError.generate(status, anthropicBody(code), undefined, headers())],
    ['Google', googleError(status, { code: status, status: code, message: 'No.' })],
    ['a plain object', { status }],
    ['axios', Object.assign(new Error('No.'), { response: { status, headers: {} } })],
  ];
}

describe('by HTTP status, whatever the library', () => {
  const rows: [number, string, Classification['verdict'], Classification['kind']][] = [
    [408, 'request_timeout', 'retry', 'timeout'],
    [409, 'conflict_error', 'retry', 'server'],
    [429, 'rate_limit_exceeded', 'retry', 'rate-limit'],
    [429, 'slow_down', 'retry', 'rate-limit'],
    [500, 'server_error', 'retry', 'server'],
    [502, 'bad_gateway', 'retry', 'server'],
    [503, 'unavailable', 'retry', 'overloaded'],
    [504, 'timeout_error', 'retry', 'server'],
    [529, 'overloaded_error', 'retry', 'overloaded'],
    [400, 'context_length_exceeded', 'never', 'client'],
    [400, 'content_policy_violation', 'never', 'client'],
    [401, 'invalid_api_key', 'never', 'client'],
    [402, 'billing_error', 'stop', 'quota'],
    [402, 'insufficient_balance', 'stop', 'quota'],
    [403, 'permission_error', 'never', 'client'],
    [404, 'model_not_found', 'never', 'client'],
    [413, 'request_too_large', 'never', 'client'],
    [422, 'unprocessable', 'never', 'client'],
    [301, 'moved', 'never', 'client'],
    [501, 'not_implemented', 'never', 'client'],
  ];
  for (const [status, code, verdict, kind] of rows) {
    it.each(everyLibrary(status, code))(`${status} ${code} → ${verdict}: %s`, (_, error) => {
      expect(classify(error)).toMatchObject({ verdict, kind, status });
    });
  }
});

describe('the libraries’ own errors', () => {
  it.each<[string, unknown, Partial<Classification>]>([
    ['openai: aborted', new OpenAI.APIUserAbortError(), { verdict: 'never', kind: 'abort' }],
    ['Anthropic: aborted', new Anthropic.APIUserAbortError(), { verdict: 'never', kind: 'abort' }],
    ['openai: timed out', new OpenAI.APIConnectionTimeoutError(), { verdict: 'retry', kind: 'timeout' }],
    [
      'Anthropic: timed out',
      new Anthropic.APIConnectionTimeoutError(),
      { verdict: 'retry', kind: 'timeout' },
    ],
    ['openai: no connection', new OpenAI.APIConnectionError({}), { verdict: 'retry', kind: 'network' }],
    [
      'Anthropic: overloaded within a stream, without a status',
      AnthropicError.generate(undefined, anthropicBody('overloaded_error'), undefined, headers()),
      { verdict: 'retry' },
    ],
    [
      'an error in a stream that began with 200',
      aiError(200, anthropicBody('overloaded_error')),
      { verdict: 'retry', kind: 'overloaded' },
    ],
    [
      'ai: a malformed body under 200',
      new APICallError({
        message: 'Invalid JSON response',
        url: 'u',
        requestBodyValues: {},
        statusCode: 200,
        responseBody: '{"cho',
        cause: new SyntaxError('Unexpected end of JSON input'),
      }),
      { verdict: 'retry', kind: 'server', status: 200 },
    ],
    ['ai: an empty body', new EmptyResponseBodyError(), { verdict: 'retry', kind: 'server' }],
    [
      'ai: a body of another shape',
      new TypeValidationError({ value: {}, cause: new TypeError('x') }),
      { verdict: 'retry', kind: 'server' },
    ],
    [
      'ai: a reply that is not the object asked for',
      new NoObjectGeneratedError({
        message: 'No object generated: could not parse the response.',
        text: '{"a',
        cause: new SyntaxError('x'),
        response: { id: 'r', timestamp: new Date(), modelId: 'm', headers: {} },
        usage: {} as never,
        finishReason: 'length',
      }),
      { verdict: 'never', kind: 'unknown' },
    ],
    ['ai: no key', new LoadAPIKeyError({ message: 'missing' }), { verdict: 'never', kind: 'programming' }],
    [
      'ai: no connection',
      new APICallError({
        message: 'Cannot connect to API',
        url: 'u',
        requestBodyValues: {},
        isRetryable: true,
        cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
      }),
      { verdict: 'retry', kind: 'network', code: 'ECONNREFUSED' },
    ],
    [
      'ours: RateLimitError',
      new RateLimitError(),
      { verdict: 'retry', kind: 'rate-limit', code: 'RATE_LIMIT' },
    ],
    ['ours: TimeoutError', new TimeoutError(), { verdict: 'retry', kind: 'timeout', code: 'TIMEOUT' }],
    [
      'ours: ToolkitError',
      new ToolkitError('DEADLINE_EXCEEDED', 'x', { cause: aiError(429) }),
      { verdict: 'never' },
    ],
    ['ours: a busy store', new ToolkitError('STORE_BUSY', 'x'), { verdict: 'retry' }],
  ])('%s', (_, error, wanted) => {
    expect(classify(error)).toMatchObject(wanted);
  });

  it('knows an openai error by its fields, not by its class', () => {
    const copy = Object.assign(new Error('429 No.'), {
      status: 429,
      headers: headers({ 'retry-after': '7' }),
    });
    expect(copy).not.toBeInstanceOf(OpenAIError);
    expect(classify(copy)).toMatchObject({ verdict: 'retry', kind: 'rate-limit', waitMs: 7_000 });
  });
});

describe('the network', () => {
  it('retries what fetch throws at a closed port', async () => {
    const error = await fetch(`http://127.0.0.1:${await closedPort()}/`).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TypeError);
    expect(classify(error)).toMatchObject({ verdict: 'retry', kind: 'network', code: 'ECONNREFUSED' });
    expect(classify(wrapped(error))).toMatchObject({ verdict: 'retry', kind: 'network' });
  });

  it('retries what fetch throws when the body breaks off', async () => {
    const server = createServer((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"a'));
    });
    const port = await listen(server);
    const error = await fetch(`http://127.0.0.1:${port}/`)
      .then((response) => response.json())
      .catch((thrown: unknown) => thrown);
    server.close();
    expect(error).toBeInstanceOf(TypeError);
    expect(classify(error)).toMatchObject({ verdict: 'retry', kind: 'network' });
  });

  it.each([
    'ECONNRESET',
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EPIPE',
    'UND_ERR_SOCKET',
    'UND_ERR_CLOSED',
  ])('retries %s, bare or as a cause', (code) => {
    const cause = Object.assign(new Error('x'), { code });
    for (const error of [cause, new TypeError('fetch failed', { cause }), new AggregateError([cause])]) {
      expect(classify(error)).toMatchObject({ verdict: 'retry', kind: 'network', code });
    }
  });

  it.each(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'])(
    'calls %s a timeout',
    (code) => {
      const error = new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });
      expect(classify(error)).toMatchObject({ verdict: 'retry', kind: 'timeout', code });
    },
  );

  it('retries a fetch that failed without saying why', () => {
    expect(classify(new TypeError('fetch failed'))).toMatchObject({ verdict: 'retry', kind: 'network' });
  });
});

describe('aborts and timeouts of signals', () => {
  it('never retries an abort', async () => {
    const error = await fetch('http://127.0.0.1/', { signal: AbortSignal.abort() }).catch((thrown) => thrown);
    expect(classify(error)).toMatchObject({ verdict: 'never', kind: 'abort' });
    expect(classify(new Error('outer', { cause: error }))).toMatchObject({ verdict: 'never', kind: 'abort' });
  });

  it('retries the timeout of a signal', () => {
    const error = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    expect(classify(error)).toMatchObject({ verdict: 'retry', kind: 'timeout' });
  });
});

describe('mistakes in the calling code', () => {
  it.each([
    new TypeError("Cannot read properties of undefined (reading 'x')"),
    new ReferenceError('x is not defined'),
    new RangeError('Invalid array length'),
    new URIError('URI malformed'),
    new TypeError('my fetch failed'),
  ])('never retries %s', (error) => {
    expect(classify(error)).toMatchObject({ verdict: 'never', kind: 'programming' });
  });

  it('never retries a URL that is none', async () => {
    const error = await fetch('nonsense').catch((thrown: unknown) => thrown);
    expect(classify(error)).toMatchObject({ verdict: 'never', kind: 'programming' });
  });

  it('takes the SyntaxError of Response.json for the body’s fault', async () => {
    const error = await new Response('<html>').json().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SyntaxError);
    expect(classify(error)).toMatchObject({ verdict: 'retry', kind: 'server' });
  });

  it('takes whatever JSON.parse throws for the body’s fault', () => {
    const cut = fc.json().chain((json) => fc.nat(json.length).map((end) => json.slice(0, end)));
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), cut, fc.constantFrom('"\\x"', '"a\nb"', '1e', '{a:1}', '-')),
        (text) => {
          try {
            JSON.parse(text);
          } catch (error) {
            expect(classify(error)).toMatchObject({ verdict: 'retry', kind: 'server' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('never retries code that does not parse', () => {
    const errors = ['let let = 1', 'const a', '(', 'a b'].map((code) => {
      try {
        return new Function(code);
      } catch (error) {
        return error;
      }
    });
    errors.push(new SyntaxError("The requested module './a.ts' does not provide an export named 'b'"));
    for (const error of errors) {
      expect(error).toBeInstanceOf(SyntaxError);
      expect(classify(error)).toMatchObject({ verdict: 'never', kind: 'programming' });
    }
  });
});

describe('x-should-retry overrides the verdict', () => {
  it.each<[number, string, Classification['verdict']]>([
    [400, 'true', 'retry'],
    [503, 'false', 'never'],
    [429, 'FALSE', 'never'],
    [503, 'maybe', 'retry'],
  ])('%i with %s → %s', (status, told, verdict) => {
    const extra = { 'x-should-retry': told };
    expect(classify(aiError(status, {}, extra)).verdict).toBe(verdict);
    expect(classify(OpenAIError.generate(status, {}, undefined, headers(extra))).verdict).toBe(verdict);
  });

  it('does not refill an account', () => {
    const error = aiError(429, openAiBody('insufficient_quota'), { 'x-should-retry': 'true' });
    expect(classify(error).verdict).toBe('stop');
  });
});

describe('x-should-retry speaks for the error that carries it', () => {
  const asked = aiError(503, {}, { 'x-should-retry': 'true' });
  const refused = aiError(503, {}, { 'x-should-retry': 'false' });

  it.each<[string, unknown, Classification['verdict']]>([
    ['our own verdict', new ToolkitError('DEADLINE_EXCEEDED', 'x', { cause: asked }), 'never'],
    ['a busy store', new ToolkitError('STORE_BUSY', 'x', { cause: refused }), 'retry'],
    ['an abort', Object.assign(new DOMException('x', 'AbortError'), { cause: asked }), 'never'],
    [
      'an abort with headers',
      Object.assign(new DOMException('x', 'AbortError'), { headers: { 'x-should-retry': 'true' } }),
      'never',
    ],
    ['a nearer refusal', Object.assign(new Error('x', { cause: asked }), { status: 400 }), 'never'],
    ['a nearer failure', Object.assign(new Error('x', { cause: refused }), { status: 502 }), 'retry'],
  ])('and does not change %s', (_name, error, verdict) => {
    expect(classify(error).verdict).toBe(verdict);
  });

  it('also through wrappers that say nothing', () => {
    expect(classify(new Error('x', { cause: refused }))).toMatchObject({ verdict: 'never', status: 503 });
    expect(classify(new Error('x', { cause: aiError(400, {}, { 'x-should-retry': 'true' }) })).verdict).toBe(
      'retry',
    );
  });

  it('also where nothing else is known', () => {
    const error = Object.assign(new Error('x'), { headers: { 'x-should-retry': 'false' } });
    expect(classify(new Error('y', { cause: error }))).toMatchObject({ verdict: 'never', kind: 'unknown' });
  });
});

describe('waits', () => {
  it('tells what the server asked for from what its reset headers suggest', () => {
    expect(classify(aiError(429, {}, { 'retry-after': '5' }))).toMatchObject({ waitMs: 5_000 });
    const reset = classify(aiError(429, {}, { 'x-ratelimit-reset-requests': '6m0s' }));
    expect(reset).toMatchObject({ resetMs: 360_000 });
    expect(reset.waitMs).toBeUndefined();
  });

  it('heeds reset headers only where a limit was the reason', () => {
    expect(classify(aiError(500, {}, { 'x-ratelimit-reset-requests': '6m0s' })).resetMs).toBeUndefined();
    expect(classify(aiError(500, {}, { 'retry-after': '5' })).waitMs).toBe(5_000);
  });

  it('measures dates from the time it is given', () => {
    const error = aiError(429, {}, { 'retry-after': 'Thu, 01 Jan 1970 00:00:09 GMT' });
    expect(classify(error, { now: 2_000 }).waitMs).toBe(7_000);
  });
});

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
