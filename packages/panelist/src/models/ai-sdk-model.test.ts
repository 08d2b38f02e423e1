import { inspect } from 'node:util';
import { classify } from '@panelist/toolkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChatModel, ChatRequest } from './chat-model.ts';
import { ModelCallError } from './model-call-error.ts';
import { modelIdentity, openModel } from './open-model.ts';
import { completion, serveJson, serveLocally } from './testing/local-server.ts';

const request: ChatRequest = {
  messages: [
    { role: 'system', content: 'You are somebody.' },
    { role: 'user', content: 'Yes or no?' },
  ],
  replySchema: { name: 'answer', schema: { type: 'object', properties: { q1: { type: 'string' } } } },
  seed: 7,
  temperature: 0.5,
};
const signal = new AbortController().signal;

describe('a model behind the AI SDK', () => {
  it('asks for structured output once and returns text, usage and the model that replied', async () => {
    const { url, received } = await serveJson(completion({ content: 'no JSON at all' }));
    const { model } = await openModel('openai-compatible/some-model', {
      baseUrl: url,
      env: { OPENAI_COMPATIBLE_API_KEY: 'key-1' },
    });
    expect(await model.reply(request, { signal })).toMatchObject({
      text: 'no JSON at all',
      finishReason: 'stop',
      returnedModel: 'returned-model',
      inputTokens: 11,
      outputTokens: 3,
    });
    expect(received).toHaveLength(1);
    expect(received[0]?.headers.authorization).toBe('Bearer key-1');
    expect(received[0]?.body).toMatchObject({
      model: 'some-model',
      seed: 7,
      temperature: 0.5,
      messages: [
        { role: 'system', content: 'You are somebody.' },
        { role: 'user', content: 'Yes or no?' },
      ],
      response_format: { type: 'json_schema', json_schema: { name: 'answer' } },
    });
  });

  it('reports a reply that was cut off or withheld', async () => {
    for (const [reason, expected] of [
      ['length', 'length'],
      ['content_filter', 'content-filter'],
    ] as const) {
      const { url } = await serveJson(completion({ content: '{"q1":' }, reason));
      const { model } = await openModel('openai-compatible/m', { baseUrl: url, env: {} });
      expect((await model.reply(request, { signal })).finishReason).toBe(expected);
    }
  });

  it('does not retry, and reports status and headers on the error', async () => {
    const { url, received } = await serveJson(
      { error: { message: 'slow down', code: 'rate_limit_exceeded' } },
      { status: 429, headers: { 'retry-after': '7' } },
    );
    const { model } = await openModel('openai-compatible/m', { baseUrl: url, env: {} });
    await expect(model.reply(request, { signal })).rejects.toMatchObject({
      statusCode: 429,
      responseHeaders: { 'retry-after': '7' },
    });
    expect(received).toHaveLength(1);
  });

  it('classifies an error inside a choice as the provider’s failure', async () => {
    for (const [error, kind, verdict] of [
      [{ code: 502, message: 'Upstream is down' }, 'server', 'retry'],
      [{ code: 429, message: 'Slow down' }, 'rate-limit', 'retry'],
      [{ code: 'insufficient_quota', message: 'No credits' }, 'quota', 'stop'],
      [{ code: 402, message: 'No credits' }, 'quota', 'stop'],
      [{ code: 400, message: 'Bad schema' }, 'client', 'never'],
      [{ message: 'Something broke' }, 'server', 'retry'],
    ] as const) {
      const { choices, ...rest } = completion({ content: '' }, 'error');
      const [choice] = choices as object[];
      const model = await modelAt((await serveJson({ ...rest, choices: [{ ...choice, error }] })).url);
      const failure = await failureOf(model);
      expect(failure.message).toBe(`The provider reports an error with HTTP 200: ${error.message}`);
      expect(classify(failure)).toMatchObject({ kind, verdict });
      const atTheTop = await modelAt((await serveJson({ error })).url);
      expect(classify(await failureOf(atTheTop))).toMatchObject({ kind, verdict });
    }
  });

  it('accepts a reply with a __proto__ key', async () => {
    const reply = JSON.stringify(completion({ content: '{"q1":"yes","__proto__":1}' }));
    for (const odd of [
      `{"__proto__":{"polluted":true},${reply.slice(1)}`,
      `{"\\u005f_proto__":[1],"constructor":{"prototype":{"polluted":true}},${reply.slice(1)}`,
    ]) {
      const model = await modelAt((await serveJson(odd)).url);
      expect(await model.reply(request, { signal })).toMatchObject({ text: '{"q1":"yes","__proto__":1}' });
    }
    expect({}).not.toHaveProperty('polluted');
  });

  it('replaces bytes that are not UTF-8 by a mark', async () => {
    const body = Buffer.from(JSON.stringify(completion({ content: '{"q1":"Café"}' })), 'latin1');
    const origin = await serveLocally((_, response) => response.end(body));
    const reply = await (await modelAt(origin)).reply(request, { signal });
    expect(reply.text).toBe('{"q1":"Caf\ufffd"}');
  });

  it('rejects with the signal’s reason on an abort', async () => {
    const model = await modelAt((await serveJson(completion({ content: 'x' }))).url);
    const reason = new Error('called off');
    const failure = await failureOf(model, AbortSignal.abort(reason));
    expect(failure).toBe(reason);
  });
});

const KEY = 'sk-very/secret+0123456789';

describe('a key that the server repeats', () => {
  it('is removed from errors, with all other data of the vendor', async () => {
    const echo = `Incorrect API key provided: ${KEY}.`;
    const { url } = await serveJson(
      { error: { message: echo, code: KEY, type: KEY, param: KEY, [KEY]: KEY } },
      { status: 401, headers: { 'x-request-id': KEY, 'set-cookie': KEY } },
    );
    const failure = await failureOf(await modelAt(url));
    expect(failure).toBeInstanceOf(ModelCallError);
    expect(failure).toMatchObject({ statusCode: 401, message: 'Incorrect API key provided: [redacted].' });
    const inspected = inspect(failure, { depth: 20, showHidden: true }) + JSON.stringify(failure);
    expect(inspected).not.toContain(KEY);
    expect(inspected).not.toContain('You are somebody.');
  });

  it('is removed from the causes of an error', async () => {
    const failure = await failureOf(await modelAt((await serveJson({ choices: KEY, model: [KEY] })).url));
    expect(failure.cause).toBeInstanceOf(Error);
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(KEY);
  });

  it('is removed from a body that is not JSON and from a redirect’s target', async () => {
    const page = await failureOf(await modelAt((await serveJson(`<html>${KEY}`)).url));
    expect(page.message).toContain('beginning "<html>[redacted]"');
    const { url } = await serveJson('', {
      status: 307,
      headers: { location: `https://${'k'.repeat(12)}.example/` },
    });
    const elsewhere = await failureOf(await modelAt(url, 'k'.repeat(12)));
    expect(elsewhere.message).toContain('redirects to https://[redacted].example');
  });

  it('is removed from replies and from the model’s name', async () => {
    const body = {
      ...completion({ content: JSON.stringify({ q1: `My key is ${KEY}` }) }),
      model: `m-${KEY}`,
    };
    const reply = await (await modelAt((await serveJson(body)).url)).reply(request, { signal });
    expect(reply).toMatchObject({ text: '{"q1":"My key is [redacted]"}', returnedModel: 'm-[redacted]' });
  });

  it('is removed completely if the name is cut', async () => {
    const body = {
      ...completion({ content: 'x' }),
      model: `${'m'.repeat(190)}${KEY}${'m'.repeat(5_000_000)}`,
    };
    const reply = await (await modelAt((await serveJson(body)).url)).reply(request, { signal });
    expect(reply.returnedModel).toBe(`${'m'.repeat(190)}[redacted]…`);
  });

  it('is removed quickly from a name or an error of megabytes', async () => {
    const odd = '\u001b] a'.repeat(900_000);
    const named = await modelAt((await serveJson({ ...completion({ content: 'x' }), model: odd })).url);
    const startedAt = performance.now();
    expect((await named.reply(request, { signal })).returnedModel).toHaveLength(201);
    const failing = await modelAt((await serveJson({ error: { message: odd } }, { status: 400 })).url);
    expect((await failureOf(failing)).message.length).toBeLessThan(1_100);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  it('is redacted for every kind of model', async () => {
    const body = completion({ content: `${KEY} and another-key-of-mine` });
    const { model } = await openModel('openai-compatible/m', {
      baseUrl: (await serveJson(body)).url,
      env: { OPENAI_API_KEY: 'another-key-of-mine', OPENAI_COMPATIBLE_API_KEY: KEY },
    });
    expect((await model.reply(request, { signal })).text).toBe('[redacted] and [redacted]');
  });
});

async function modelAt(baseUrl: string, apiKey = KEY): Promise<ChatModel> {
  return (await openModel('openai-compatible/m', { baseUrl, env: { OPENAI_COMPATIBLE_API_KEY: apiKey } }))
    .model;
}

async function failureOf(model: ChatModel, aborting = signal): Promise<Error> {
  return model.reply(request, { signal: aborting }).then(
    ({ text }) => Promise.reject(new Error(`it replied ${text}`)),
    (error: Error) => error,
  );
}

describe('openModel', () => {
  it('stores replies by model, and by server if the model id alone is ambiguous', async () => {
    const env = { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k', GOOGLE_GENERATIVE_AI_API_KEY: 'k' };
    const identity = async (id: string, baseUrl?: string) => (await openModel(id, { baseUrl, env })).identity;
    expect(await identity('openai/gpt-5-mini')).toBe('openai/gpt-5-mini');
    expect(await identity('anthropic/claude-x')).toBe('anthropic/claude-x');
    expect(await identity('google/gemini-x')).toBe('google/gemini-x');
    expect(await identity('openai-compatible/llama3', 'http://127.0.0.1:11434/v1/')).toBe(
      'openai-compatible/llama3 at http://127.0.0.1:11434/v1',
    );
  });

  it.each([
    ['gpt-5', 'MODEL_UNKNOWN'],
    ['openai/', 'MODEL_UNKNOWN'],
    ['constructor/x', 'MODEL_UNKNOWN'],
    ['openai/gpt-5', 'API_KEY_MISSING'],
    ['openai-compatible/x', 'USAGE'],
  ])('refuses %s with %s', async (id, code) => {
    await expect(openModel(id, { env: {} })).rejects.toMatchObject({ code });
  });

  it.each([
    'nonsense',
    'ftp://x/v1',
    'http://user:pass-word@x/v1',
    'ftp://user:pass-word@x/v1',
    'http://user:pass-word/@x:y/v1',
    'http://x/v1?key=pass-word',
    'http://pass-word@x/v1',
  ])('rejects the base URL %s from every source, without its password', async (address) => {
    for (const [id, baseUrl, env, source] of [
      ['openai-compatible/x', address, {}, 'The base URL'],
      ['openai/x', undefined, { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: address }, 'OPENAI_BASE_URL'],
      [
        'anthropic/x',
        undefined,
        { ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: address },
        'ANTHROPIC_BASE_URL',
      ],
    ] as const) {
      const error = await openModel(id, { baseUrl, env }).catch((caught: unknown) => caught as Error);
      expect(error).toMatchObject({ code: 'USAGE', message: expect.stringMatching(`^${source} must`) });
      expect((error as Error).message).not.toContain('pass-word');
      expect(() => modelIdentity(id, { baseUrl, env })).toThrow((error as Error).message);
    }
  });

  it('separates the rate limits of different keys without revealing a key', async () => {
    const account = async (key: string): Promise<string> =>
      (await openModel('openai/gpt-5', { env: {}, apiKeys: () => key })).account;
    expect(await account(KEY)).toBe(await account(` ${KEY} `));
    expect(await account(KEY)).not.toBe(await account(`${KEY}-2`));
    expect(await account(KEY)).not.toContain(KEY);
    const env = { OPENAI_API_KEY: KEY };
    expect((await openModel('openai/gpt-5', { env })).account).toBe(await account(KEY));
  });

  it('uses keys only from the port, and also redacts those of the environment', async () => {
    const { url, received } = await serveJson(completion({ content: `${KEY}, key-from-port` }));
    const settings = { baseUrl: url, env: { OPENAI_COMPATIBLE_API_KEY: KEY, OPENAI_API_KEY: KEY } };
    const { model } = await openModel('openai-compatible/m', {
      ...settings,
      apiKeys: ({ vendor }) => (vendor === 'openai-compatible' ? 'key-from-port' : undefined),
    });
    expect((await model.reply(request, { signal })).text).toBe('[redacted], [redacted]');
    expect(received[0]?.headers.authorization).toBe('Bearer key-from-port');
    await expect(
      openModel('openai/gpt-5', { ...settings, baseUrl: undefined, apiKeys: () => undefined }),
    ).rejects.toMatchObject({
      code: 'API_KEY_MISSING',
      message: 'openai/gpt-5 needs an API key: store one for openai and start again.',
    });
  });

  it('reads a base URL only from the given environment', async () => {
    const { url, received } = await serveJson(completion({ content: 'x' }));
    process.env.ANTHROPIC_BASE_URL = url;
    onTestFinished(() => {
      delete process.env.ANTHROPIC_BASE_URL;
    });
    // Nothing listens at the proxy, so the call fails unless the variable is read.
    const env = { ANTHROPIC_API_KEY: 'k', HTTPS_PROXY: 'http://127.0.0.1:1' };
    await failureOf((await openModel('anthropic/x', { env })).model);
    expect(received).toEqual([]);
  });
});
