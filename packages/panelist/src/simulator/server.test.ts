import { connect } from 'node:net';
import { VirtualClock } from '@panelist/toolkit/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { PanelistError } from '../panelist-error.ts';
import type { SimulatorOptions } from './options.ts';
import { type Simulator, startSimulator } from './server.ts';
import { readReply } from './testing/client.ts';

const open: Simulator[] = [];

async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = await startSimulator(options);
  open.push(simulator);
  return simulator;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((simulator) => simulator.close()));
});

function body(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model: 'simulator',
    messages: [
      { role: 'system', content: 'The person:\n- age: 34\n- gender: Female\n- city: Leeds' },
      { role: 'user', content: 'How do you feel about the market?' },
    ],
    ...changes,
  };
}

function ask(simulator: Simulator, content: unknown = body(), init: RequestInit = {}): Promise<Response> {
  return fetch(`${simulator.url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof content === 'string' ? content : JSON.stringify(content),
    ...init,
  });
}

/** A virtual clock that reports when timers are set and cancelled. */
class WatchedClock extends VirtualClock {
  readonly #waiting: { readonly isDue: () => boolean; readonly resolve: () => void }[] = [];

  override setTimer(callback: () => void, delayMs: number): () => void {
    const cancel = super.setTimer(callback, delayMs);
    this.#check();
    return () => {
      cancel();
      this.#check();
    };
  }

  pending(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ isDue: () => this.pendingTimers === count, resolve });
      this.#check();
    });
  }

  #check(): void {
    for (const { isDue, resolve } of this.#waiting) if (isDue()) resolve();
  }
}

describe('replies', () => {
  it('look like chat completions and state that no model made them', async () => {
    const simulator = await start();
    const response = await ask(simulator);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-panelist-simulator')).toBe('true');
    const reply = await readReply(response);
    expect(reply).toMatchObject({
      object: 'chat.completion',
      model: 'panelist-simulator',
      system_fingerprint: 'simulator-no-model',
      choices: [{ index: 0, message: { role: 'assistant', refusal: null }, finish_reason: 'stop' }],
    });
    const { content } = reply.choices[0].message;
    expect(content).toMatch(/age: 34|gender: Female|city: Leeds/);
    expect(reply.usage.completion_tokens).toBe(Math.ceil(content.length / 4));
    expect(reply.usage.total_tokens).toBe(reply.usage.prompt_tokens + reply.usage.completion_tokens);
  });

  it('are JSON in json_object mode', async () => {
    const reply = await readReply(
      await ask(await start(), body({ response_format: { type: 'json_object' } })),
    );
    expect(JSON.parse(reply.choices[0].message.content)).toEqual({ answer: expect.any(String) });
  });

  it('stop at max_tokens, with finish_reason "length"', async () => {
    const reply = await readReply(await ask(await start(), body({ max_completion_tokens: 3 })));
    expect(reply.choices[0].finish_reason).toBe('length');
    expect(reply.choices[0].message.content).toHaveLength(12);
    expect(reply.usage.completion_tokens).toBe(3);
  });

  it('are the same for the same request, on another simulator and in another order', async () => {
    const requests = Array.from({ length: 12 }, (_, age) =>
      body({
        messages: [
          { role: 'system', content: `- age: ${age}` },
          { role: 'user', content: 'Well?' },
        ],
      }),
    );
    const answers = async (seed: number, order: typeof requests): Promise<Map<unknown, string>> => {
      const simulator = await start({ seed });
      const found = new Map<unknown, string>();
      for (const request of order) {
        const reply = await readReply(await ask(simulator, request));
        found.set(request, JSON.stringify([reply.choices, reply.usage, reply.id]));
      }
      return found;
    };
    const first = await answers(5, requests);
    const second = await answers(5, requests.toReversed());
    for (const request of requests) expect(second.get(request)).toBe(first.get(request));
    const other = await answers(6, requests);
    expect([...other.values()]).not.toEqual([...first.values()]);
  });

  it('accept content in parts, and treat developer messages as system messages', async () => {
    const parts = body({
      messages: [
        { role: 'developer', content: [{ type: 'text', text: '- city: Leeds' }] },
        { role: 'user', content: [{ type: 'text', text: 'What is your city?' }] },
      ],
    });
    const reply = await readReply(await ask(await start(), parts));
    expect(reply.choices[0].message.content).toBe('Leeds');
  });
});

describe('refusals of bad requests', () => {
  it.each([
    ['not JSON', '{"model":', null, /not valid JSON/],
    ['no object', '[]', null, /Invalid body/],
    ['no messages', { model: 'm' }, 'messages', /messages/],
    ['an empty list of messages', { model: 'm', messages: [] }, 'messages', /messages/],
    ['an unknown role', { model: 'm', messages: [{ role: 'x', content: '' }] }, 'messages[0].role', /role/],
    [
      'content of a wrong type',
      { model: 'm', messages: [{ role: 'user', content: 5 }] },
      'messages[0].content',
      /string or a list/,
    ],
    ['streaming', body({ stream: true }), 'stream', /does not stream/],
    ['several choices', body({ n: 2 }), 'n', /one choice/],
    ['tools', body({ tools: [{}] }), 'tools', /no tools/],
    ['an unknown format', body({ response_format: { type: 'xml' } }), 'response_format.type', /json_schema/],
    [
      'a schema without a name',
      body({ response_format: { type: 'json_schema', json_schema: { schema: {} } } }),
      'response_format.json_schema.name',
      /name/,
    ],
    ['endless nesting', `${'['.repeat(2_000)}${']'.repeat(2_000)}`, null, /nested deeper than 64/],
  ])('400 for %s', async (_, content, param, message) => {
    const simulator = await start();
    const response = await ask(simulator, content);
    expect(response.status).toBe(400);
    const { error } = await readReply(response);
    expect(error).toMatchObject({ type: 'invalid_request_error', param });
    expect(error.message).toMatch(message);
    expect(simulator.requests()).toMatchObject({ total: 1, byStatus: { 400: 1 }, requests: [] });
  });

  it('413 for a body over 4 MB, and continues serving', async () => {
    const simulator = await start();
    const response = await ask(simulator, body({ user: 'x'.repeat(5 * 1024 * 1024) }));
    expect(response.status).toBe(413);
    expect((await readReply(response)).error.code).toBe('request_too_large');
    expect((await ask(simulator)).status).toBe(200);
  });

  it('404 for other paths and 405 for other methods, in JSON', async () => {
    const simulator = await start();
    const lost = await fetch(`${simulator.url}/embeddings`, { method: 'POST' });
    expect([lost.status, (await readReply(lost)).error.code]).toEqual([404, 'unknown_url']);
    const wrong = await fetch(`${simulator.url}/chat/completions`);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await readReply(wrong)).error.code).toBe('method_not_supported');
    expect(wrong.headers.get('x-panelist-simulator')).toBe('true');
  });
});

describe('the simulator’s own endpoints', () => {
  it('lists one model, as a simulator', async () => {
    const simulator = await start();
    const { data } = await readReply(await fetch(`${simulator.url}/models`));
    expect(data).toMatchObject([
      { id: 'panelist-simulator', object: 'model', simulator: true },
      { id: 'simulator', object: 'model', simulator: true },
    ]);
    expect(data[0].description).toBe(simulator.notice);
    expect(simulator.notice).toMatch(/simulator.*no language model/);
  });

  it('counts requests by content, regardless of JSON formatting', async () => {
    const simulator = await start();
    const one = body();
    await ask(simulator, one);
    await ask(simulator, JSON.stringify(Object.fromEntries(Object.entries(one).toReversed()), null, 2));
    await ask(simulator, body({ temperature: 0.5 }));
    const summary = simulator.requests();
    expect(summary.requests.map(({ received, succeeded }) => [received, succeeded])).toEqual([
      [2, 2],
      [1, 1],
    ]);
    expect(summary.requests[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(summary).toMatchObject({ total: 3, byStatus: { 200: 3 }, inFlight: 0, maxInFlight: 1 });
    expect(await (await fetch(`${simulator.url}/simulator/requests`)).json()).toEqual(summary);
  });
});

describe('latency', () => {
  it('delays each reply by the drawn latency, and counts requests in flight', async () => {
    const clock = new WatchedClock();
    const simulator = await start({ clock, latency: { minMs: 100, maxMs: 200 } });
    const replies = Array.from({ length: 5 }, (_, seed) => ask(simulator, body({ seed })));
    await clock.pending(5);
    expect(simulator.requests()).toMatchObject({ inFlight: 5, maxInFlight: 5, byStatus: {} });
    await clock.advance(99);
    expect(clock.pendingTimers).toBe(5);
    await clock.advance(101);
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(simulator.requests()).toMatchObject({ inFlight: 0, maxInFlight: 5, byStatus: { 200: 5 } });
  });

  it('stops work for a client that disconnects', async () => {
    const clock = new WatchedClock();
    const simulator = await start({ clock, latency: { minMs: 1_000, maxMs: 1_000 } });
    const client = new AbortController();
    const reply = ask(simulator, body(), { signal: client.signal });
    await clock.pending(1);
    client.abort();
    await expect(reply).rejects.toThrow();
    await clock.pending(0);
    expect(simulator.requests()).toMatchObject({ total: 1, abandoned: 1, inFlight: 0, byStatus: {} });
    expect(simulator.requests().requests).toMatchObject([{ received: 1, succeeded: 0 }]);
  });
});

describe('close', () => {
  it('ends replies in progress and idle connections, and can be called twice', async () => {
    const clock = new WatchedClock();
    const simulator = await start({ clock, latency: { minMs: 1_000, maxMs: 1_000 } });
    await fetch(`${simulator.url}/models`).then((response) => response.text());
    const idle = connect(simulator.port, '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const cut = new Promise((resolve) => idle.once('close', resolve));
    idle.resume();
    const reply = ask(simulator);
    reply.catch(() => {});
    await clock.pending(1);
    await Promise.all([simulator.close(), simulator.close()]);
    await expect(reply).rejects.toThrow();
    await cut;
    expect(clock.pendingTimers).toBe(0);
    await expect(fetch(`${simulator.url}/models`)).rejects.toThrow();
  });

  it('reports a port that is in use', async () => {
    const simulator = await start();
    await expect(start({ port: simulator.port })).rejects.toThrow(`port ${simulator.port} is taken`);
  });
});

describe('options', () => {
  it.each<[SimulatorOptions, string]>([
    [{ seed: 1.5 }, 'expected seed to be a whole number'],
    [{ port: 70_000 }, 'got 70000'],
    [{ host: '' }, 'expected host'],
    [{ latency: 5 as 0 }, 'expected latency to be 0, { medianMs, p95Ms } or { minMs, maxMs }, got 5'],
    [
      { latency: { medianMs: 100, p95Ms: 50 } },
      'expected latency.p95Ms to be a number, at least 100, got 50',
    ],
    [{ latency: { minMs: -1, maxMs: 5 } }, 'latency.minMs'],
    [{ requestsPerMinute: 0 }, 'expected requestsPerMinute to be a number above 0, got 0'],
    [{ requestsPerMinuteThen: { perMinute: 5, afterMs: -1 } }, 'requestsPerMinuteThen.afterMs'],
    [
      { requestsPerMinuteThen: 5 as never },
      'expected requestsPerMinuteThen to be { perMinute, afterMs }, got 5',
    ],
    [{ tokensPerMinute: Number.NaN }, 'got NaN'],
    [{ burstMs: 0 }, 'burstMs'],
    [
      { rateLimitHeaders: 'some' as 'all' },
      'expected rateLimitHeaders to be one of all, retry-after, none, got "some"',
    ],
    [{ faults: { serverError: 1.1 } }, 'expected faults.serverError to be a number from 0 to 1, got 1.1'],
    [{ faults: { serverError: 0.6, disconnect: 0.6 } }, 'at most 1 together'],
    [{ faults: { quotaAfter: -1 } }, 'faults.quotaAfter'],
    [{ faults: { typo: 0.5 } as object }, 'got "typo"'],
  ])('refuses %j', async (options, message) => {
    const error = await start(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PanelistError);
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringContaining(message) });
  });

  it('accepts rates with a sum of 1, and a larger sum for different kinds', async () => {
    const tenths = { serverError: 0.1, unavailable: 0.2, disconnect: 0.3, malformedBody: 0.4 };
    await expect(start({ faults: { ...tenths, truncated: 0.5 } })).resolves.toBeDefined();
  });
});

describe('allowed clients', () => {
  const get = (port: number, host: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.end(`GET /v1/models HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      });
      let text = '';
      socket.on('data', (part) => {
        text += part;
      });
      socket.on('close', () => resolve(text.split('\r\n', 1)[0] ?? ''));
      socket.on('error', reject);
    });

  it('include any with this machine’s name, but no web page with another host name', async () => {
    const { port } = await start();
    for (const host of ['localhost', `LOCALHOST:${port}`, `127.0.0.1:${port}`, '[::1]:80', '192.0.2.7'])
      expect(await get(port, host)).toBe('HTTP/1.1 200 OK');
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', ''])
      expect(await get(port, host)).toBe('HTTP/1.1 421 Misdirected Request');
  });

  it('report if other machines can reach the server', async () => {
    expect((await start()).isPublic).toBe(false);
    expect((await start({ host: '0.0.0.0' })).isPublic).toBe(true);
  });
});
