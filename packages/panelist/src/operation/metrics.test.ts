import type { ThrottleEvent } from '@panelist/toolkit';
import { expect, it } from 'vitest';
import { Metrics, textOfAll } from './metrics.ts';

const item = { job: 'survey', taskId: 'task_1', itemKey: 'ann', attempt: null };
const refused = {
  type: 'refused',
  elapsedMs: 5,
  classification: { kind: 'rate-limit', verdict: 'retry', status: 429 },
} as unknown as ThrottleEvent;

it('counts items, calls, tokens and spending by job and model', async () => {
  const metrics = new Metrics();
  metrics.itemEnded(item, { how: 'succeeded', elapsedMs: 1_500 });
  metrics.itemEnded(item, { how: 'failed', elapsedMs: 10 });
  metrics.throttle('openai/gpt-5?key=hush', refused);
  metrics.throttle('openai/gpt-5', {
    ...{ type: 'started', waitedFor: 'provider-asked', waitedMs: 2_000, retry: false },
  } as unknown as ThrottleEvent);
  metrics.reply('openai/gpt-5', { inputTokens: 10, outputTokens: 3, costUsd: 0.25 });
  metrics.reply('openai/gpt-5', { inputTokens: 1, outputTokens: 1, costUsd: null });
  metrics.observe({
    inFlight: () => 7,
    queued: async () => new Map([['survey', 90]]),
    databaseLatency: async () => 0.002,
  });
  const text = await metrics.text();
  for (const line of [
    'panelist_items_total{job="survey",outcome="succeeded"} 1',
    'panelist_items_total{job="survey",outcome="failed"} 1',
    'panelist_item_duration_seconds_sum{job="survey"} 1.51',
    'panelist_refusals_total{model="gpt-5",status="429"} 1',
    'panelist_throttle_wait_seconds_sum{model="gpt-5",reason="provider-asked"} 2',
    'panelist_tokens_total{model="gpt-5",type="input"} 11',
    'panelist_spending_usd_total{model="gpt-5"} 0.25',
    'panelist_items_in_flight 7',
    'panelist_queue_items{job="survey"} 90',
    'panelist_database_latency_seconds 0.002',
  ])
    expect(text).toContain(`${line}\n`);
  expect(text).toContain('process_cpu_seconds_total');
  for (const never of ['task_1', '"ann"', 'hush']) expect(text).not.toContain(never);
});

it('has no more than a bounded number of models, and goes on without a database', async () => {
  const metrics = new Metrics();
  for (let index = 0; index < 500; index += 1)
    metrics.reply(`x/model-${index}`, { inputTokens: 1, outputTokens: 0, costUsd: 0 });
  const unreachable = () => Promise.reject(new Error('postgres://ann:hush@db'));
  metrics.observe({ inFlight: () => 0, queued: unreachable, databaseLatency: unreachable });
  const text = await metrics.text();
  expect(text).toContain('panelist_tokens_total{model="other",type="input"} 450\n');
  expect(text.match(/panelist_tokens_total\{/g)).toHaveLength(102);
  expect(text).not.toMatch(/panelist_queue_items\{|^panelist_database_latency_seconds \d/m);
});

it('adds up what several processes count', async () => {
  const processes = [new Metrics(), new Metrics()];
  for (const metrics of processes) {
    metrics.itemEnded(item, { how: 'succeeded', elapsedMs: 1 });
    metrics.observe({
      inFlight: () => 2,
      queued: async () => new Map([['survey', 90]]),
      databaseLatency: async () => 1,
    });
  }
  const text = await textOfAll(await Promise.all(processes.map((each) => each.json())));
  expect(text).toContain('panelist_items_total{job="survey",outcome="succeeded"} 2\n');
  expect(text).toContain('panelist_items_in_flight 4\n');
  expect(text).toContain('panelist_queue_items{job="survey"} 90\n');
});
