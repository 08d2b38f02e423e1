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

/** 20 requests/s, and short replies: what the small task takes is waiting for its turn and little else. */
const FLAGS = ['--rpm', '1200', '--burst-ms', '1000', '--latency', '50-150'];
const LARGE_TASK = 10_000;
const SMALL_TASK = 10;
/** By then the large task has used up the burst and runs at the limit. */
const SETTLED_MS = 6_000;

export interface FairnessMeasurement {
  readonly aloneMs: number;
  readonly besideMs: number;
  readonly ratio: number;
  /** What the provider last told of what remains when the small task was submitted: alone, and beside. */
  readonly remaining: readonly [alone: string, beside: string];
}

/**
 * A task of 10 calls beside one of 10,000 on the same throttle, against its time alone. Both times the large task
 * has run for 6 s and exhausted the limit when the small one is submitted; alone means that the large one is
 * cancelled in that moment. So both times the small task finds the same empty bucket and the same throttle, which has
 * learned the limit. The large task goes no further than the small one needs.
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
    // The throttle wants to hear of every attempt, so the call is retried here and not its item.
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
    const told = remaining;
    const startedAt = performance.now();
    const small = await runner.wait(await submit('small', SMALL_TASK));
    const elapsedMs = performance.now() - startedAt;
    if (small.successCount !== SMALL_TASK) throw new Error(`The small task failed: ${small.errorMessage}`);
    if (!isAlone) await runner.cancel(large);
    return { elapsedMs, remaining: told };
  } finally {
    await runner.shutdown({ drainMs: 0 });
  }
}
