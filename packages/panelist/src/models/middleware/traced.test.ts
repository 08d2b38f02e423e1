import { type Attributes, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ErrorHandler, TimeoutError } from '@panelist/toolkit';
import { VirtualClock } from '@panelist/toolkit/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChatModel, ChatReply, ChatRequest } from '../chat-model.ts';
import { noUsage } from '../model-usage.ts';
import { type RecordingSdk, startRecordingSdk } from '../telemetry/testing/recording-sdk.ts';
import { chatReply } from '../testing/chat-reply.ts';
import { retried } from './retried.ts';
import { traced } from './traced.ts';

const SECRET = 'sk-very-secret-0123456789';
const request: ChatRequest = {
  messages: [
    { role: 'system', content: 'You are Anna.' },
    { role: 'user', content: 'Do you like Anna?' },
  ],
  replySchema: { name: 'answer', schema: { title: 'Anna' } },
  temperature: 0.5,
  maxOutputTokens: 300,
  seed: 7,
};
const reply = chatReply('I am Anna.', {
  returnedModel: 'gpt-x-2026-01-01',
  inputTokens: 11,
  outputTokens: 3,
});
const signal = new AbortController().signal;

function tracedModel(answer: ChatModel['reply'], id = 'openai/gpt-x'): ChatModel {
  return traced({ id, reply: answer });
}

function failing(error: unknown, id?: string): ChatModel {
  return tracedModel(async () => {
    throw error;
  }, id);
}

describe('traced calls', () => {
  let sdk: RecordingSdk;
  beforeEach(() => {
    sdk = startRecordingSdk();
  });
  afterEach(() => sdk.stop());

  const attributesOf = (index = 0): Attributes => sdk.spans()[index]?.attributes ?? {};

  it('makes one client span per call, and returns the reply', async () => {
    const model = tracedModel(async () => reply);
    expect(model.id).toBe('openai/gpt-x');
    expect(await model.reply(request, { signal })).toBe(reply);
    expect(sdk.spans()).toHaveLength(1);
    expect(sdk.spans()[0]).toMatchObject({
      name: 'chat gpt-x',
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      instrumentationScope: { name: 'panelist' },
      events: [],
    });
    expect(attributesOf()).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-x',
      'gen_ai.request.temperature': 0.5,
      'gen_ai.request.max_tokens': 300,
      'gen_ai.request.seed': 7,
      'gen_ai.output.type': 'json',
      'gen_ai.response.model': 'gpt-x-2026-01-01',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 11,
      'gen_ai.usage.output_tokens': 3,
    });
  });

  it('leaves out values that were not requested or not reported', async () => {
    const untold: ChatReply = {
      ...reply,
      finishReason: 'content-filter',
      returnedModel: '',
      inputTokens: 0,
      outputTokens: 0,
    };
    await tracedModel(async () => untold).reply({ messages: [], replySchema: null }, { signal });
    expect(attributesOf()).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-x',
      'gen_ai.response.finish_reasons': ['content_filter'],
    });
    expect((await sdk.metrics()).get('gen_ai.client.token.usage')).toBeUndefined();
  });

  it('counts tokens by type', async () => {
    const model = tracedModel(async () => reply, 'anthropic/claude-x');
    await model.reply(request, { signal });
    await model.reply(request, { signal });
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': 'claude-x',
    };
    expect((await sdk.metrics()).get('gen_ai.client.token.usage')).toEqual([
      { attributes: { ...attributes, 'gen_ai.token.type': 'input' }, value: 22, count: 2 },
      { attributes: { ...attributes, 'gen_ai.token.type': 'output' }, value: 6, count: 2 },
    ]);
  });

  it.each([
    [{ status: 429 }, '429', 'rate-limit (HTTP 429)'],
    [{ status: 429, error: { code: 'insufficient_quota' } }, 'quota', 'quota (HTTP 429)'],
    [{ statusCode: 200, name: 'AI_APICallError' }, 'server', 'server (HTTP 200)'],
    [{ code: 'ECONNREFUSED' }, 'network', 'network'],
    ['a string', 'unknown', 'unknown'],
    [undefined, 'unknown', 'unknown'],
  ])('marks the call as failed by %j, and rejects with it', async (error, type, message) => {
    const rejection = await failing(error)
      .reply(request, { signal })
      .then(
        () => 'resolved',
        (reason: unknown) => reason,
      );
    expect(rejection).toBe(error);
    expect(sdk.spans()[0]).toMatchObject({ status: { code: SpanStatusCode.ERROR, message }, ended: true });
    expect(attributesOf()).toMatchObject({ 'error.type': type });
  });

  it('distinguishes a timeout from an abort, although both throw AbortError', async () => {
    const aborted = new DOMException('This operation was aborted', 'AbortError');
    for (const reason of [new TimeoutError(), undefined]) {
      await expect(failing(aborted).reply(request, { signal: AbortSignal.abort(reason) })).rejects.toBe(
        aborted,
      );
    }
    expect([attributesOf(0)['error.type'], attributesOf(1)['error.type']]).toEqual(['timeout', 'abort']);
  });

  it('makes one span per retry, under the caller’s span', async () => {
    const clock = new VirtualClock();
    let attempts = 0;
    const inner = tracedModel(async () => {
      attempts += 1;
      if (attempts < 3) throw { status: 503 };
      return reply;
    });
    const model = retried({ errorHandler: new ErrorHandler({ clock }), usage: noUsage() })(inner);
    await trace.getTracer('caller').startActiveSpan('interview', async (span) => {
      await clock.runUntilSettled(model.reply(request, { signal }));
      span.end();
    });
    const interview = sdk.spans().find(({ name }) => name === 'interview');
    const calls = sdk.spans().filter(({ name }) => name === 'chat gpt-x');
    expect(calls.map(({ attributes }) => attributes['error.type'])).toEqual(['503', '503', undefined]);
    for (const call of calls) {
      expect(call.parentSpanContext?.spanId).toBe(interview?.spanContext().spanId);
    }
  });

  it('is the parent of spans that the call itself creates', async () => {
    const model = tracedModel(async () => {
      await Promise.resolve();
      trace.getTracer('http').startSpan('POST').end();
      return reply;
    });
    await Promise.all([model.reply(request, { signal }), model.reply(request, { signal })]);
    const parents = sdk
      .spans()
      .filter(({ name }) => name === 'POST')
      .map(({ parentSpanContext }) => parentSpanContext?.spanId);
    const calls = sdk.spans().filter(({ name }) => name === 'chat gpt-x');
    expect(new Set(parents)).toEqual(new Set(calls.map((call) => call.spanContext().spanId)));
    expect(parents).toHaveLength(2);
  });

  it('records no message, key or error text', async () => {
    const error = Object.assign(new Error(`Incorrect API key ${SECRET} for: You are Anna.`), {
      status: 401,
      code: SECRET,
      requestBodyValues: request,
      responseHeaders: { authorization: SECRET },
      cause: new Error(SECRET),
    });
    await failing(error, `openai/gpt-x?key=${SECRET}`)
      .reply(request, { signal })
      .catch(() => {});
    await tracedModel(async () => ({ ...reply, returnedModel: 'You are Anna.' })).reply(request, { signal });
    expect(sdk.spans()).toHaveLength(2);
    for (const { name, attributes, status, events } of sdk.spans()) {
      expect(JSON.stringify({ name, attributes, status, events })).not.toMatch(/Anna|sk-very/);
    }
    expect(JSON.stringify([...(await sdk.metrics())])).not.toMatch(/Anna|sk-very/);
  });

  it('accepts any model id, any name that a server reports, and any error', async () => {
    const hostile = new Proxy(new Error('x'), {
      get: () => {
        throw new Error('hostile');
      },
      getPrototypeOf: () => {
        throw new Error('hostile');
      },
    });
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(text, text, async (id, returnedModel) => {
        const before = sdk.spans().length;
        await tracedModel(async () => ({ ...reply, returnedModel }), id).reply(request, { signal });
        await failing(hostile, id)
          .reply(request, { signal })
          .catch((error: unknown) => expect(error).toBe(hostile));
        const spans = sdk.spans().slice(before);
        expect(spans).toHaveLength(2);
        for (const { name, attributes } of spans) {
          expect(name).toMatch(/^chat [^\p{Cc}]{0,201}$/u);
          expect(String(attributes['gen_ai.response.model'] ?? '')).toMatch(/^[!-~]{0,200}$/);
        }
      }),
    );
  });
});

describe('traced calls without an SDK', () => {
  it('passes replies and errors through', async () => {
    expect(await tracedModel(async () => reply).reply(request, { signal })).toBe(reply);
    const error = new Error('no');
    await expect(failing(error).reply(request, { signal })).rejects.toBe(error);
  });

  it('reports to an SDK that is set later', async () => {
    const model = tracedModel(async () => reply);
    await model.reply(request, { signal });
    const sdk = startRecordingSdk();
    try {
      await model.reply(request, { signal });
      expect(sdk.spans()).toHaveLength(1);
    } finally {
      await sdk.stop();
    }
  });
});
