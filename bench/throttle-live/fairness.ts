import { setTimeout as delay } from 'node:timers/promises';
import OpenAI from 'openai';
import {
  ConcurrencyManager,
  ErrorHandler,
  MemoryTaskStore,
  TaskManager,
  TaskRunner,
  Throttle,
} from '../../packages/toolkit/src/index.ts';
import { chatBody } from './chat-body.ts';
import { MAX_IN_FLIGHT } from './contenders.ts';
import { startSimulatorProcess } from './simulator-process.ts';

/** 20 requests/s with quick replies, so that the small task mostly waits for its turn. */
const FLAGS = ['--rpm', '1200', '--burst-ms', '1000', '--latency', '50-150'];
const LARGE_TASK = 10_000;
const SMALL_TASK = 10;
/** By then the large task has used up the burst and runs at the limit. */
const SETTLED_MS = 6_000;

export interface FairnessMeasurement {
  readonly aloneMs: number;
  readonly besideMs: number;
  readonly ratio: number;
  /** The provider's last `remaining` header when the small task was submitted: alone, and beside the large one. */
  readonly remaining: readonly [alone: string, beside: string];
}

/**
 * Measures a task of 10 calls beside one of 10,000 on the same throttle, compared with its time alone. In both cases the
 * large task has run for 6 s and exhausted the limit when the small one is submitted; "alone" means that the large one is
 * cancelled at that moment. So in both cases the bucket is empty and the throttle has learned the limit. The large task
 * runs no longer than the small one.
 */
export async function measureFairness(): Promise<FairnessMeasurement> {
  const alone = await smallTask(true);
  const beside = await smallTask(false);
  return {
    aloneMs: alone.elapsedMs,
    besideMs: beside.elapsedMs,
    ratio: beside.elapsedMs / alone.elapsedMs,
    remaining: [alone.remaining, beside.remaining],
  };
}

async function smallTask(
  isAlone: boolean,
): Promise<{ readonly elapsedMs: number; readonly remaining: string }> {
  await using simulator = await startSimulatorProcess(FLAGS);
  const client = new OpenAI({ baseURL: simulator.url, apiKey: 'panelist', maxRetries: 0 });
  const handler = new ErrorHandler({
    throttle: new Throttle({ maxConcurrency: MAX_IN_FLIGHT }),
    jitter: true,
  });
  const tasks = new TaskManager({ store: new MemoryTaskStore() });
  const concurrency = new ConcurrencyManager({ maxConcurrency: MAX_IN_FLIGHT });
  const runner = new TaskRunner({ tasks, concurrency });
  let remaining = 'nothing';
  runner.register<number, { readonly name: string }>('ask', {
    // The throttle must see every attempt, so the call is retried inside and not the item.
    retry: false,
    run: (input, { taskId, taskParams, signal }) =>
      handler.withRetry(
        async ({ signal, report }) => {
          const prompt = `${taskParams.name} ${input}: how do you feel about the market?`;
          const request = client.chat.completions.create(chatBody({ prompt }), { signal });
          const { data, response } = await request.withResponse();
          remaining = response.headers.get('x-ratelimit-remaining-requests') ?? 'nothing';
          report({ headers: response.headers, tokens: data.usage?.total_tokens ?? 0 });
          return data.choices[0]?.message.content ?? null;
        },
        { signal, group: taskId },
      ),
  });
  const submit = async (name: string, count: number): Promise<string> => {
    const items = Array.from({ length: count }, (_, index) => index);
    const { task } = await runner.submit({ job: 'ask', taskKey: name, taskParams: { name }, items });
    return task.taskId;
  };
  try {
    const large = await submit('large', LARGE_TASK);
    await delay(SETTLED_MS);
    if (isAlone) await runner.cancel(large);
    const reported = remaining;
    const startedAt = performance.now();
    const small = await runner.wait(await submit('small', SMALL_TASK));
    const elapsedMs = performance.now() - startedAt;
    if (small.successCount !== SMALL_TASK) throw new Error(`The small task failed: ${small.errorMessage}`);
    if (!isAlone) await runner.cancel(large);
    return { elapsedMs, remaining: reported };
  } finally {
    await runner.shutdown({ drainMs: 0 });
  }
}
