import { context, propagation, trace } from '@opentelemetry/api';
import { type JobContext, MemoryTaskStore, type TaskSettings } from '@panelist/toolkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { submittedInSpan } from '../../models/telemetry/task-trace.ts';
import { type RecordingSdk, startRecordingSdk } from '../../models/telemetry/testing/recording-sdk.ts';
import { observedJob } from './observed-job.ts';
import type { RunObserver } from './run-observer.ts';

const contextOf = (change: Partial<JobContext<unknown>> = {}): JobContext<unknown> => ({
  taskId: 'task_1',
  taskParams: {},
  itemKey: 'ann',
  signal: new AbortController().signal,
  draining: new AbortController().signal,
  ...change,
});

/** Submits a task, and gives its settings as another process reads them. */
async function submitted(): Promise<TaskSettings> {
  const store = new MemoryTaskStore();
  await submittedInSpan('survey', { maxConcurrency: 3 }, async (settings) => ({
    task: (
      await store.create({
        ...{ taskId: 'task_1', taskKey: 'k', fingerprint: 'f', taskParams: {}, job: 'survey', totalCount: 1 },
        ...{ settings, createdAt: 0 },
      })
    ).task,
  }));
  return JSON.parse(JSON.stringify((await store.get('task_1'))?.settings));
}

describe('traces of a task', () => {
  let sdk: RecordingSdk;
  beforeEach(() => {
    sdk = startRecordingSdk();
  });
  afterEach(() => sdk.stop());

  it('makes the items of other processes, and their calls, children of the submission', async () => {
    const settings = await trace
      .getTracer('caller')
      .startActiveSpan('deploy', async (span) => submitted().finally(() => span.end()));
    const job = observedJob('survey', {
      run: async () => trace.getTracer('caller').startSpan('chat model').end(),
    });
    await context.with(propagation.extract(context.active(), {}), async () => {
      await job.configure?.(settings, contextOf());
      await job.run({}, contextOf());
    });
    const spans = new Map(sdk.spans().map((span) => [span.name, span]));
    const idOf = (name: string) => spans.get(name)?.spanContext().spanId;
    expect(spans.get('submit survey')?.parentSpanContext?.spanId).toBe(idOf('deploy'));
    expect(spans.get('item survey')?.parentSpanContext?.spanId).toBe(idOf('submit survey'));
    expect(spans.get('chat model')?.parentSpanContext?.spanId).toBe(idOf('item survey'));
    expect(new Set(sdk.spans().map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(spans.get('item survey')?.attributes).toEqual({
      'panelist.task.id': 'task_1',
      'panelist.item.key': 'ann',
    });
  });

  it('says of a failed item only what kind of error it was', async () => {
    const job = observedJob('survey', { run: () => Promise.reject(new Error('sk-secret prompt')) });
    await expect(Promise.resolve(job.run({}, contextOf()))).rejects.toThrow('sk-secret prompt');
    const [span] = sdk.spans();
    expect(span?.status).toMatchObject({ code: 2 });
    expect(JSON.stringify([span?.status, span?.attributes, span?.events])).not.toContain('secret');
  });

  it.each([undefined, 7, 'nonsense', `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`, 'x'.repeat(100_000)])(
    'begins a trace of its own where the setting is none: %s',
    async (traceparent) => {
      const job = observedJob('survey', { run: () => null });
      await job.configure?.({ traceparent }, contextOf());
      await job.run({}, contextOf());
      expect(sdk.spans()[0]?.parentSpanContext).toBeUndefined();
    },
  );
});

it('records no setting where nobody traces', async () => {
  expect(await submitted()).toEqual({ maxConcurrency: 3 });
});

describe('an observed job', () => {
  it('tells what becomes of its tasks and items', async () => {
    const told: unknown[] = [];
    const observer: RunObserver = {
      taskBegan: (task) => told.push(['began', task]),
      taskEnded: (task) => told.push(['ended', task]),
      itemBegan: ({ itemKey, attempt }) => told.push(['item', itemKey, attempt]),
      itemEnded: ({ itemKey }, { how }) => told.push([how, itemKey]),
    };
    const budget = new Error('budget');
    const results: Record<string, () => unknown> = {
      a: () => 1,
      b: () => Promise.reject(new Error('no')),
      c: () => Promise.reject(budget),
    };
    const job = observedJob(
      'survey',
      {
        run: (_: unknown, { itemKey }) => results[itemKey]?.(),
        pauseOn: (error) => error === budget,
      },
      observer,
    );
    const task = { taskId: 'task_1', taskParams: {} };
    await job.configure?.({}, task);
    await job.configure?.({ maxConcurrency: 2 }, task);
    expect(await job.run({}, contextOf({ itemKey: 'a', attempt: 2 }))).toBe(1);
    for (const itemKey of ['b', 'c'])
      await expect(Promise.resolve(job.run({}, contextOf({ itemKey })))).rejects.toThrow();
    const aborted = AbortSignal.abort(new Error('stop'));
    await expect(
      Promise.resolve(job.run({}, contextOf({ itemKey: 'b', signal: aborted }))),
    ).rejects.toThrow();
    job.ended?.(task);
    expect(told).toEqual([
      ['began', { job: 'survey', taskId: 'task_1' }],
      ['item', 'a', 2],
      ['succeeded', 'a'],
      ['item', 'b', null],
      ['failed', 'b'],
      ['item', 'c', null],
      ['left', 'c'],
      ['item', 'b', null],
      ['left', 'b'],
      ['ended', { job: 'survey', taskId: 'task_1' }],
    ]);
  });
});
