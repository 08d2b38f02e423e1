import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ChatRequest } from './chat-model.ts';
import { openModel } from './model-registry.ts';

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

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

/** A provider that answers every request with `status` and `body`; resolves to its URL and what it was sent. */
async function provider(status: number, body: unknown) {
  const sent: { authorization: string | undefined; body: Record<string, unknown> }[] = [];
  server = createServer(async (incoming, response) => {
    const chunks = await incoming.toArray();
    sent.push({ authorization: incoming.headers.authorization, body: JSON.parse(chunks.join('')) });
    response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '7' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, sent };
}

function completion(message: object, finish_reason = 'stop') {
  return {
    id: 'x',
    model: 'returned-model',
    created: 0,
    choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
    usage: { prompt_tokens: 11, completion_tokens: 3 },
  };
}

describe('a model behind the AI SDK', () => {
  it('asks for structured output once and hands out text, usage and the model that answered', async () => {
    const { url, sent } = await provider(200, completion({ content: 'no JSON at all' }));
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
    expect(sent).toHaveLength(1);
    expect(sent[0]?.authorization).toBe('Bearer key-1');
    expect(sent[0]?.body).toMatchObject({
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

  it('says when a reply was cut off or withheld', async () => {
    for (const [reason, expected] of [
      ['length', 'length'],
      ['content_filter', 'content-filter'],
    ] as const) {
      const { url } = await provider(200, completion({ content: '{"q1":' }, reason));
      const { model } = await openModel('openai-compatible/m', { baseUrl: url, env: {} });
      expect((await model.reply(request, { signal })).finishReason).toBe(expected);
      server?.close();
    }
  });

  it('does not retry by itself, and keeps status and headers on the error', async () => {
    const { url, sent } = await provider(429, {
      error: { message: 'slow down', code: 'rate_limit_exceeded' },
    });
    const { model } = await openModel('openai-compatible/m', { baseUrl: url, env: {} });
    await expect(model.reply(request, { signal })).rejects.toMatchObject({
      statusCode: 429,
      responseHeaders: { 'retry-after': '7' },
    });
    expect(sent).toHaveLength(1);
  });

  it('takes the key out of an error that repeats it', async () => {
    const key = 'sk-very-secret-0123456789';
    const { url } = await provider(401, { error: { message: `Incorrect API key provided: ${key}.` } });
    const { model } = await openModel('openai-compatible/m', {
      baseUrl: url,
      env: { OPENAI_COMPATIBLE_API_KEY: key },
    });
    const error = await model.reply(request, { signal }).catch((reason: unknown) => reason as Error);
    expect(error).toMatchObject({ statusCode: 401, message: 'Incorrect API key provided: [API key].' });
  });
});

describe('openModel', () => {
  it('files answers under the model and, where the id alone does not say it, its server', async () => {
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

  it.each(['nonsense', 'ftp://x/v1', 'http://user:pass@x/v1'])('refuses the base URL %s', async (baseUrl) => {
    await expect(openModel('openai-compatible/x', { baseUrl, env: {} })).rejects.toMatchObject({
      code: 'USAGE',
    });
  });
});
