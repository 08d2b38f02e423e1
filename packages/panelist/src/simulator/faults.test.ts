import { afterEach, describe, expect, it } from 'vitest';
import type { FaultOptions } from './options.ts';
import { type Simulator, startSimulator } from './server.ts';
import { readReply, type SimulatorReply } from './testing/client.ts';

let simulator: Simulator;
afterEach(() => simulator.close());

async function startWith(faults: FaultOptions, seed = 1): Promise<void> {
  simulator = await startSimulator({ faults, seed });
}

const options = ['Red', 'Green', 'Blue'];

function request(number: number): string {
  const schema = { type: 'object', properties: { colour: { type: 'string', enum: options } } };
  return JSON.stringify({
    model: 'simulator',
    messages: [
      { role: 'system', content: `- number: ${number}` },
      { role: 'user', content: 'Which colour?' },
    ],
    response_format: { type: 'json_schema', json_schema: { name: 'answers', schema } },
  });
}

function ask(number = 0): Promise<Response> {
  return fetch(`${simulator.url}/chat/completions`, { method: 'POST', body: request(number) });
}

/** What came back, in a word. */
async function outcome(number = 0): Promise<string> {
  let response: Response;
  try {
    response = await ask(number);
  } catch {
    return 'cut before';
  }
  let text: string;
  try {
    text = await response.text();
  } catch {
    return 'cut within';
  }
  if (response.status !== 200) return String(response.status);
  try {
    return (JSON.parse(text) as SimulatorReply).choices[0].message.content;
  } catch {
    return text.startsWith('<html>') ? 'html' : 'half';
  }
}

async function outcomes(count: number): Promise<string[]> {
  const found: string[] = [];
  for (let number = 0; number < count; number++) found.push(await outcome(number));
  return found;
}

describe('faults of the wire', () => {
  it('429 with Retry-After reports the wait exactly and in whole seconds', async () => {
    await startWith({ rateLimitWithHint: 1, hintMs: 1_200 });
    const response = await ask();
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after-ms')).toBe('1200');
    expect(response.headers.get('retry-after')).toBe('2');
    expect((await readReply(response)).error).toMatchObject({
      type: 'requests',
      code: 'rate_limit_exceeded',
    });
    expect(simulator.requests()).toMatchObject({ faults: { rateLimitWithHint: 1 }, rateLimited: 0 });
  });

  it('429 without Retry-After reports no wait', async () => {
    await startWith({ rateLimitWithoutHint: 1 });
    const response = await ask();
    expect(response.status).toBe(429);
    expect([...response.headers.keys()].filter((name) => /retry|ratelimit/.test(name))).toEqual([]);
  });

  it.each([
    ['serverError', 500, 'server_error'],
    ['unavailable', 503, 'service_unavailable'],
  ])('%s is %i', async (fault, status, code) => {
    await startWith({ [fault]: 1 });
    const response = await ask();
    expect([response.status, (await readReply(response)).error.code]).toEqual([status, code]);
  });

  it('disconnects before the first byte, and in the middle of the body', async () => {
    await startWith({ disconnect: 1 });
    expect(new Set(await outcomes(20))).toEqual(new Set(['cut before', 'cut within']));
    const { disconnected, requests, total } = simulator.requests();
    expect(disconnected).toBe(total);
    expect(requests.every(({ succeeded }) => succeeded === 0)).toBe(true);
  });

  it('malformed bodies are half a JSON text, or HTML', async () => {
    await startWith({ malformedBody: 1 });
    expect(new Set(await outcomes(20))).toEqual(new Set(['half', 'html']));
    expect(simulator.requests().requests.every(({ succeeded }) => succeeded === 0)).toBe(true);
  });

  it('are drawn for every attempt by the seed, independently of other requests', async () => {
    const attempts = async (seed: number, inBetween: boolean): Promise<string[]> => {
      await startWith({ serverError: 0.5 }, seed);
      const found: string[] = [];
      for (let attempt = 0; attempt < 20; attempt++) {
        found.push(await outcome(1));
        if (inBetween) await outcome(100 + attempt);
      }
      await simulator.close();
      return found;
    };
    const first = await attempts(7, false);
    expect(new Set(first).size).toBe(2);
    expect(await attempts(7, true)).toEqual(first);
    expect(await attempts(8, false)).not.toEqual(first);
  });

  it('have about the configured rates', async () => {
    await startWith({ serverError: 0.2, unavailable: 0.1 });
    const found = await outcomes(400);
    const count = (status: string): number => found.filter((each) => each === status).length;
    // Four standard deviations, for a fixed seed.
    expect(Math.abs(count('500') - 80)).toBeLessThan(32);
    expect(Math.abs(count('503') - 40)).toBeLessThan(24);
    expect(simulator.requests().faults).toEqual({ serverError: count('500'), unavailable: count('503') });
  });
});

describe('faults of the reply text', () => {
  it('a truncated reply is not JSON and is marked as cut off', async () => {
    await startWith({ truncated: 1 });
    const reply = await readReply(await ask());
    expect(reply.choices[0].finish_reason).toBe('length');
    expect(reply.choices[0].message.content).not.toBe('');
    expect(() => JSON.parse(reply.choices[0].message.content)).toThrow();
    // A provider bills it all the same.
    expect(simulator.requests().requests).toMatchObject([{ received: 1, succeeded: 1 }]);
  });

  it('an answer that is not an option is still JSON', async () => {
    await startWith({ notAnOption: 1 });
    const { colour } = JSON.parse(await outcome());
    expect(colour).toBeTypeOf('string');
    expect(options).not.toContain(colour);
    expect(simulator.requests().faults).toEqual({ notAnOption: 1 });
  });

  it('refusals come in their own field or in prose', async () => {
    await startWith({ refusal: 1 });
    const messages = await Promise.all(
      Array.from(
        { length: 20 },
        async (_, number) => (await readReply(await ask(number))).choices[0].message,
      ),
    );
    const inField = messages.filter(({ content }) => content === null);
    const inProse = messages.filter(({ refusal }) => refusal === null);
    expect(inField.length).toBeGreaterThan(0);
    expect(inProse.length).toBeGreaterThan(0);
    expect(inField.length + inProse.length).toBe(20);
    expect(inField[0]?.refusal).toBe(inProse[0]?.content);
  });

  it('are the same whenever a request is repeated', async () => {
    await startWith({ truncated: 0.3, notAnOption: 0.3, refusal: 0.3 });
    const first = await outcomes(30);
    expect(await outcomes(30)).toEqual(first);
    const isWhole = (text: string): boolean => {
      try {
        return options.includes(JSON.parse(text).colour);
      } catch {
        return false;
      }
    };
    expect(first.filter(isWhole).length).toBeGreaterThan(0);
    expect(first.filter(isWhole).length).toBeLessThan(15);
  });
});

describe('quotaAfter', () => {
  it('serves a number of requests and then refuses all, without Retry-After', async () => {
    await startWith({ quotaAfter: 2 });
    expect(await outcomes(4)).toEqual([expect.any(String), expect.any(String), '429', '429']);
    const response = await ask();
    expect((await readReply(response)).error).toMatchObject({ code: 'insufficient_quota' });
    expect(response.headers.has('retry-after')).toBe(false);
    expect(simulator.requests().faults).toEqual({ quota: 3 });
  });
});
