/**
 * Tries the three parts of the toolkit, prints the results, and fails if they differ from what the guide promises. Run it:
 * `node examples/toolkit/try-toolkit.ts`.
 */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ConcurrencyManager,
  ErrorHandler,
  fingerprint,
  getTaskManager,
  RateLimitError,
  TimeoutError,
} from '@panelist/toolkit';
import { VirtualClock } from '@panelist/toolkit/testing';

/** Prints a result, or fails if it is not the expected one. */
function show(what: string, seen: unknown, expected: unknown): void {
  assert.deepEqual(seen, expected, what);
  console.log(`  ${what}: ${typeof seen === 'string' ? seen : JSON.stringify(seen)}`);
}

async function tryConcurrencyManager(): Promise<void> {
  console.log('ConcurrencyManager');
  const presets = [ConcurrencyManager.forSurvey(), ConcurrencyManager.forFocusGroup()];
  const ceilings = presets.map(({ maxConcurrency }) => maxConcurrency);
  show('ceilings of the presets', ceilings, [100, 50]);

  const manager = new ConcurrencyManager({ maxConcurrency: 50 });
  let running = 0;
  let most = 0;
  const myTask = async (itemId: number): Promise<string> => {
    most = Math.max(most, ++running);
    await delay(1);
    running -= 1;
    return `Processed ${itemId}`;
  };
  const tasks = Array.from({ length: 100 }, (_, i) => () => myTask(i));
  const results = await manager.executeBatch(tasks, { maxConcurrency: 20 });
  show('most at once', most, 20);
  show(
    'results, in input order',
    [results.length, results[0], results[99]],
    [100, 'Processed 0', 'Processed 99'],
  );

  const shaky = [0, 1, 2].map((i) => () => (i === 1 ? Promise.reject(new Error(`${i} failed`)) : myTask(i)));
  const outcomes = await manager.executeBatchWithIsolation(shaky);
  const texts = outcomes.map((outcome) => (outcome.success ? outcome.data : String(outcome.error)));
  show('with isolation', texts, ['Processed 0', 'Error: 1 failed', 'Processed 2']);
  await assert.rejects(manager.executeBatch(shaky), /1 failed/);
  show('still running after the failure', [running, manager.stats().running], [0, 0]);
  const mixed = await manager.executeBatch(shaky, { returnExceptions: true });
  show('with returnExceptions', mixed[1] instanceof Error, true);

  const many = await manager.executeInBatches(tasks, { batchSize: 30, maxConcurrency: 10 });
  show('results in batches', [many.length, many[0], many[99]], [100, 'Processed 0', 'Processed 99']);
}

async function tryErrorHandler(): Promise<void> {
  console.log('ErrorHandler');
  for (const exponentialBackoff of [false, true]) {
    const clock = new VirtualClock();
    const waits: number[] = [];
    const handler = new ErrorHandler({ clock, maxRetries: 3, retryDelayMs: 1_000, exponentialBackoff });
    const call = handler.withRetry(() => Promise.reject(new Error('down')), {
      onRetry: ({ delayMs }) => waits.push(delayMs),
    });
    await assert.rejects(clock.runUntilSettled(call), /down/);
    if (exponentialBackoff) show('exponential waits', waits, [1_000, 2_000, 4_000]);
    else show('fixed waits', waits, [1_000, 1_000, 1_000]);
  }

  const logged: string[] = [];
  const handler = new ErrorHandler({
    retryDelayMs: 1,
    logger: { error: (_message, error) => logged.push(String(error)) },
  });
  let calls = 0;
  const apiCall = async (): Promise<string> => {
    calls += 1;
    if (calls === 1) throw new RateLimitError();
    if (calls === 2) throw new TimeoutError();
    return `a reply at call ${calls}`;
  };
  const reply = await handler.withRetry(apiCall, { retryOn: [RateLimitError, TimeoutError] });
  show('with retries', reply, 'a reply at call 3');

  calls = 0;
  const unstableApiCall = handler.retryDecorator({ retryOn: [RateLimitError, TimeoutError], maxRetries: 5 })(
    apiCall,
  );
  show('with the decorator', await unstableApiCall(), 'a reply at call 3');

  calls = 0;
  const onlyTimeouts = handler.withRetry(apiCall, { retryOn: [TimeoutError] });
  await assert.rejects(onlyTimeouts, RateLimitError);
  show('calls when the error is not in retryOn', calls, 1);

  const risky = (): never => {
    throw new Error('out of luck');
  };
  show('safely', await handler.safeExecute(risky, { defaultValue: null }), null);
  show('and logged', logged, ['Error: out of luck']);
}

async function tryTaskManager(): Promise<void> {
  console.log('TaskManager');
  const manager = getTaskManager();
  const request = {
    taskKey: 'focus_group_123',
    taskParams: { focusGroupId: '123', participantIds: [1, 2, 3], message: 'Hello' },
    totalCount: 3,
  };
  const pressed = await Promise.all([manager.getOrCreateTask(request), manager.getOrCreateTask(request)]);
  const [{ task }, second] = pressed;
  show('new at the first and at the second press', [pressed[0].isNew, second.isNew], [true, false]);
  show('the same task', second.task === task, true);

  await manager.startTask(task.taskId);
  await manager.updateProgress(task.taskId, { result: { itemId: 1 }, success: true });
  await manager.updateProgress(task.taskId, { result: { itemId: 2, error: 'ill' }, success: false });
  show('found by its id', (await manager.getTask(task.taskId)) === task, true);
  show('found by its key', (await manager.getActiveTask(request.taskKey)) === task, true);
  const { status, totalCount, completedCount, successCount, failedCount, progressPercentage } = task.toJSON();
  show(
    'half-way',
    [status, totalCount, completedCount, successCount, failedCount, progressPercentage],
    ['running', 3, 2, 1, 1, 66.66],
  );

  await manager.updateProgress(task.taskId, { result: { itemId: 3 }, success: true });
  await manager.completeTask(task.taskId, { success: true, errorMessage: null });
  show('at the end', [task.status, task.progressPercentage], ['completed', 100]);
  show('results', task.results, [{ itemId: 1 }, { itemId: 2, error: 'ill' }, { itemId: 3 }]);
  show('active afterwards', await manager.getActiveTask(request.taskKey), undefined);
  show('a new task for the same request', (await manager.getOrCreateTask(request)).isNew, true);

  const params = { focusGroupId: '123', ids: [1, 2, 3], msg: 'Hi' };
  const reordered = fingerprint({ ...params, ids: [3, 2, 1] });
  const reworded = fingerprint({ ...params, msg: 'Hello' });
  show('same fingerprint for a list in another order', fingerprint(params) === reordered, true);
  show('same fingerprint for another message', fingerprint(params) === reworded, false);
}

await tryConcurrencyManager();
await tryErrorHandler();
await tryTaskManager();
console.log('all good');
