import { metrics } from '@opentelemetry/api';
import { AggregationTemporality } from '@opentelemetry/sdk-metrics';
import { classify, ErrorHandler, RateLimitError, Throttle, type ThrottleEvent } from '@panelist/toolkit';
import { VirtualClock } from '@panelist/toolkit/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type MetricPoint, type RecordingSdk, startRecordingSdk } from './testing/recording-sdk.ts';
import { throttleTelemetry } from './throttle-telemetry.ts';

const started: ThrottleEvent = {
  type: 'started',
  waitedMs: 0,
  waitedFor: undefined,
  retry: false,
  group: 'task-1',
};
const succeeded: ThrottleEvent = { type: 'succeeded', elapsedMs: 1_500, tokens: 800 };
const tooMany = classify({ status: 429, headers: { 'retry-after': '7' } });
const brokenOff = classify({ code: 'ECONNRESET' });
const base = {
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': 'openai',
  'gen_ai.request.model': 'gpt-x',
};

let sdk: RecordingSdk;

/** Feeds `events` and returns the points of all metrics, each as what it says beyond the model. */
async function pointsAfter(...events: readonly ThrottleEvent[]) {
  const tell = throttleTelemetry('openai/gpt-x');
  for (const event of events) tell(event);
  return points();
}

async function points() {
  const recorded = await sdk.metrics();
  return (name: string) => recorded.get(name)?.map(beyondModel) ?? [];
}

function beyondModel({ attributes, value, count }: MetricPoint) {
  expect(attributes).toMatchObject(base);
  const own = Object.entries(attributes).filter(([key]) => !(key in base));
  return { ...Object.fromEntries(own), value, ...(count !== undefined && { count }) };
}

describe('throttleTelemetry', () => {
  beforeEach(() => {
    sdk = startRecordingSdk();
  });
  afterEach(() => sdk.stop());

  it('counts calls by outcome, and calls in flight', async () => {
    const failed: ThrottleEvent = { type: 'failed', elapsedMs: 10, classification: brokenOff };
    const refused: ThrottleEvent = { type: 'refused', elapsedMs: 20, classification: tooMany };
    const abandoned: ThrottleEvent = { type: 'abandoned', elapsedMs: 5 };
    const metric = await pointsAfter(
      ...[started, started, started, started, started, started, started],
      ...[succeeded, succeeded, refused, failed, abandoned],
    );
    expect(metric('panelist.calls')).toEqual([
      { 'panelist.outcome': 'succeeded', value: 2 },
      { 'panelist.outcome': 'refused', value: 1 },
      { 'panelist.outcome': 'failed', value: 1 },
    ]);
    expect(metric('panelist.calls.in_flight')).toEqual([{ value: 2 }]);
    expect(metric('panelist.tokens')).toEqual([{ value: 1_600 }]);
  });

  it('counts refusals by status, and by whether a wait was reported', async () => {
    const refusals = [tooMany, tooMany, classify({ status: 529 }), classify(new RateLimitError('later'))];
    const metric = await pointsAfter(
      ...refusals.map((classification): ThrottleEvent => ({ type: 'refused', elapsedMs: 1, classification })),
    );
    expect(metric('panelist.refusals')).toEqual([
      { 'http.response.status_code': 429, 'panelist.wait.reported': true, value: 2 },
      { 'http.response.status_code': 529, 'panelist.wait.reported': false, value: 1 },
      { 'panelist.wait.reported': false, value: 1 },
    ]);
  });

  it('gives durations in seconds, with error.type for failed calls', async () => {
    const spent = classify({ status: 429, error: { code: 'insufficient_quota' } });
    const metric = await pointsAfter(
      succeeded,
      { type: 'refused', elapsedMs: 250, classification: tooMany },
      { type: 'refused', elapsedMs: 125, classification: spent },
      { type: 'failed', elapsedMs: 60_000, classification: brokenOff },
      { type: 'abandoned', elapsedMs: 9_000 },
    );
    expect(metric('gen_ai.client.operation.duration')).toEqual([
      { value: 1.5, count: 1 },
      { 'error.type': '429', value: 0.25, count: 1 },
      { 'error.type': 'quota', value: 0.125, count: 1 },
      { 'error.type': 'network', value: 60, count: 1 },
    ]);
  });

  it('records waits by reason, in seconds, and counts retries', async () => {
    const metric = await pointsAfter(
      started,
      { ...started, waitedMs: 2_000, waitedFor: 'provider-asked', retry: true },
      { ...started, waitedMs: 4_000, waitedFor: 'provider-asked' },
      { ...started, waitedMs: 500, waitedFor: 'tokens' },
      { type: 'waiting', reason: 'outage', waitMs: 30_000, status: 503 },
    );
    expect(metric('panelist.throttle.wait')).toEqual([
      { 'panelist.wait.reason': 'provider-asked', value: 6, count: 2 },
      { 'panelist.wait.reason': 'tokens', value: 0.5, count: 1 },
    ]);
    expect(metric('panelist.retries')).toEqual([{ value: 1 }]);
  });

  it('reports the latest limit at every collection, and none if it is unknown', async () => {
    await sdk.stop();
    sdk = startRecordingSdk(AggregationTemporality.DELTA);
    const limit = (requestsPerMinute: number | undefined): ThrottleEvent => ({
      type: 'limit',
      requestsPerMinute,
      tokensPerMinute: 90_000,
    });
    for (const metric of [await pointsAfter(limit(500), limit(250)), await points()]) {
      expect(metric('panelist.throttle.limit')).toEqual([{ value: 250 }]);
      expect(metric('panelist.throttle.token_limit')).toEqual([{ value: 90_000 }]);
    }
    for (const unknown of [undefined, Number.POSITIVE_INFINITY]) {
      expect((await pointsAfter(limit(unknown)))('panelist.throttle.limit')).toEqual([]);
    }
  });

  it('makes the instruments once for all throttles, with the model as an attribute', async () => {
    const provider = metrics.getMeterProvider();
    const getMeter = provider.getMeter.bind(provider);
    let meters = 0;
    provider.getMeter = (...scope) => {
      meters += 1;
      return getMeter(...scope);
    };
    for (const model of ['openai/gpt-x', 'openai/gpt-x', 'google/gemini-x', 'simulator?seed=1&latency=5']) {
      throttleTelemetry(model)(succeeded);
    }
    expect(meters).toBe(1);
    const calls = (await sdk.metrics()).get('panelist.calls') ?? [];
    expect(
      calls.map(({ attributes, value }) => [
        attributes['gen_ai.provider.name'],
        attributes['gen_ai.request.model'],
        value,
      ]),
    ).toEqual([
      ['openai', 'gpt-x', 2],
      ['gcp.gemini', 'gemini-x', 1],
      ['simulator', 'simulator', 1],
    ]);
  });

  it('names units as the semantic conventions do', async () => {
    await pointsAfter(
      { ...started, waitedFor: 'rate', retry: true },
      succeeded,
      { type: 'refused', elapsedMs: 1, classification: tooMany },
      { type: 'limit', requestsPerMinute: 1, tokensPerMinute: 1 },
    );
    expect(await sdk.units()).toEqual({
      'panelist.calls': '{call}',
      'panelist.refusals': '{call}',
      'panelist.retries': '{call}',
      'panelist.tokens': '{token}',
      'panelist.calls.in_flight': '{call}',
      'gen_ai.client.operation.duration': 's',
      'panelist.throttle.wait': 's',
      'panelist.throttle.limit': '{request}/min',
      'panelist.throttle.token_limit': '{token}/min',
    });
  });

  it('passes on no server text from an error', async () => {
    const secret = 'sk-very-secret-0123456789';
    const classification = classify(
      Object.assign(new Error(`${secret}: Dear Anna`), { status: 400, code: secret, type: secret }),
    );
    throttleTelemetry('openai/gpt-x')({ type: 'failed', elapsedMs: 1, classification });
    const everything = JSON.stringify([...(await sdk.metrics())]);
    expect(everything).toContain('"error.type":"400"');
    expect(everything).not.toMatch(/sk-very|Anna/);
  });

  it('shortens any model name to one line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 400 }), async (id) => {
        throttleTelemetry(id)(succeeded);
      }),
    );
    throttleTelemetry(`evil\u001b[2J\n\ud800/${'x'.repeat(100_000)}?key=sk-secret`)(succeeded);
    const recorded = (await sdk.metrics()).get('panelist.calls') ?? [];
    const names = recorded.flatMap(({ attributes }) => [
      String(attributes['gen_ai.provider.name']),
      String(attributes['gen_ai.request.model']),
    ]);
    expect(names).toContain('evil \ufffd');
    for (const name of names) {
      expect(name.length).toBeLessThanOrEqual(201);
      expect(name.isWellFormed()).toBe(true);
      expect(name).not.toMatch(/\p{Cc}|sk-secret/u);
    }
  });

  it('counts the calls of a real throttle by outcome', async () => {
    const clock = new VirtualClock();
    const throttle = new Throttle({ clock, onEvent: throttleTelemetry('openai/gpt-x') });
    const handler = new ErrorHandler({ clock, throttle });
    let attempts = 0;
    const call = handler.withRetry(async () => {
      attempts += 1;
      if (attempts === 1) throw { status: 429, headers: { 'retry-after': '2' } };
      return { headers: { 'x-ratelimit-limit-requests': '600' } };
    });
    await clock.runUntilSettled(call);
    const metric = await points();
    expect(metric('panelist.calls')).toEqual([
      { 'panelist.outcome': 'refused', value: 1 },
      { 'panelist.outcome': 'succeeded', value: 1 },
    ]);
    expect(metric('panelist.retries')).toEqual([{ value: 1 }]);
    expect(metric('panelist.calls.in_flight')).toEqual([{ value: 0 }]);
  });
});

describe('throttleTelemetry without an SDK', () => {
  it('does nothing, and a later SDK receives only later calls', async () => {
    const early = throttleTelemetry('openai/gpt-x');
    early(started);
    early(succeeded);
    early({ type: 'refused', elapsedMs: 1, classification: tooMany });
    early({ type: 'limit', requestsPerMinute: 1, tokensPerMinute: 1 });
    sdk = startRecordingSdk();
    try {
      early(succeeded);
      expect((await points())('panelist.calls')).toEqual([]);
      expect((await pointsAfter(succeeded))('panelist.calls')).toEqual([
        { 'panelist.outcome': 'succeeded', value: 1 },
      ]);
    } finally {
      await sdk.stop();
    }
  });
});
