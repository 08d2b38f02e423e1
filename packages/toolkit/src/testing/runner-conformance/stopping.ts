import type { RunnerTest } from '../describe-runner.ts';
import type { TestFunctions } from '../test-functions.ts';
import { ControlledJob } from './controlled-job.ts';

const submission = { job: 'work', taskKey: 'key', taskParams: {} };
const atATime = (count: number) => ({ maxConcurrency: () => count });

/** Some turns of the event loop: what is going to abort an item at once has done so after them. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

export function stoppingTests(test: RunnerTest, expect: TestFunctions['expect']): void {
  test('pauses: lets what is in flight finish, starts nothing more, and goes on when it is resumed', async ({
    tasks,
    runner,
  }) => {
    const controlled = new ControlledJob(atATime(2));
    const work = await runner({ work: controlled.job });
    const { task } = await work.submit({ ...submission, items: ['a', 'b', 'c'] });
    await controlled.untilBegun(2);
    expect([work.inFlight(), work.inFlight(task.taskId)]).toEqual([2, 2]);
    const pausing = work.pause(task.taskId, { reason: 'lunch' });
    for await (const { status } of tasks.watch(task.taskId)) if (status === 'paused') break;
    await turns();
    controlled.end('a', 1);
    controlled.end('b', 2);
    await pausing;
    expect(task).toMatchObject({ status: 'paused', errorMessage: 'lunch', completedCount: 2 });
    expect([controlled.begun, controlled.aborted]).toEqual([['a', 'b'], []]);
    expect(work.inFlight(task.taskId)).toBe(0);
    expect((await work.wait(task.taskId)).status).toBe('paused');
    await work.resume(task.taskId);
    await controlled.untilBegun(3);
    controlled.end('c', 3);
    expect((await work.wait(task.taskId)).status).toBe('completed');
    expect(controlled.begun).toEqual(['a', 'b', 'c']);
  });

  test('aborts what a pause has waited for long enough, and leaves it pending', async ({ runner }) => {
    const controlled = new ControlledJob();
    const work = await runner({ work: controlled.job });
    const { task } = await work.submit({ ...submission, items: ['a'] });
    await controlled.untilBegun(1);
    await work.pause(task.taskId, { drainMs: 0 });
    expect(controlled.aborted).toEqual(['a']);
    expect(task).toMatchObject({ status: 'paused', completedCount: 0 });
  });

  test('pauses at an exhausted quota, aborts what is in flight, and leaves both pending', async ({
    tasks,
    runner,
  }) => {
    const controlled = new ControlledJob(atATime(2));
    const work = await runner({ work: controlled.job });
    const { task } = await work.submit({ ...submission, items: ['a', 'b', 'c'] });
    await controlled.untilBegun(2);
    const spent = Object.assign(new Error('no credit left'), { status: 429, code: 'insufficient_quota' });
    controlled.end('a', Promise.reject(spent));
    expect((await work.wait(task.taskId)).status).toBe('paused');
    expect(task.errorMessage?.includes('no credit left')).toBe(true);
    expect([controlled.begun, controlled.aborted]).toEqual([['a', 'b'], ['b']]);
    const statuses = await Array.fromAsync(tasks.items(task.taskId), ({ status }) => status);
    expect(statuses).toEqual(['pending', 'pending', 'pending']);
  });

  test('pauses where the job says so, and lets what is in flight finish', async ({ tasks, runner }) => {
    const controlled = new ControlledJob({
      ...atATime(2),
      pauseOn: (error) => error instanceof Error && error.message === 'over budget',
    });
    const work = await runner({ work: controlled.job });
    const { task } = await work.submit({ ...submission, items: ['a', 'b', 'c'] });
    await controlled.untilBegun(2);
    controlled.end('a', Promise.reject(new Error('over budget')));
    controlled.end('b', 2);
    expect((await work.wait(task.taskId)).status).toBe('paused');
    expect(task.errorMessage).toBe('over budget');
    const statuses = await Array.fromAsync(tasks.items(task.taskId), ({ status }) => status);
    expect([statuses, controlled.aborted]).toEqual([['pending', 'succeeded', 'pending'], []]);
  });

  test('cancels: aborts what is in flight, and keeps what was recorded', async ({ tasks, runner }) => {
    const controlled = new ControlledJob(atATime(1));
    const work = await runner({ work: controlled.job });
    const { task } = await work.submit({ ...submission, items: ['a', 'b', 'c'] });
    await controlled.untilBegun(1);
    controlled.end('a', 1);
    await controlled.untilBegun(2);
    await work.cancel(task.taskId, { reason: 'not needed' });
    expect(task).toMatchObject({ status: 'cancelled', errorMessage: 'not needed', completedCount: 1 });
    expect([controlled.begun, controlled.aborted]).toEqual([['a', 'b'], ['b']]);
    expect((await work.wait(task.taskId)).status).toBe('cancelled');
    const statuses = await Array.fromAsync(tasks.items(task.taskId), ({ status }) => status);
    expect(statuses).toEqual(['succeeded', 'pending', 'pending']);
  });

  test("stops waiting when the caller's signal aborts; the task goes on", async ({ runner }) => {
    const controlled = new ControlledJob();
    const work = await runner({ work: controlled.job });
    const { task } = await work.submit({ ...submission, items: ['a'] });
    await controlled.untilBegun(1);
    const controller = new AbortController();
    const waiting = work.wait(task.taskId, { signal: controller.signal });
    controller.abort(Object.assign(new Error('enough'), { code: 'ENOUGH' }));
    await expect(waiting).rejects.toMatchObject({ code: 'ENOUGH' });
    controlled.end('a', 1);
    expect((await work.wait(task.taskId)).status).toBe('completed');
  });

  test('shuts down: finishes what is in flight, leaves the rest to others, and takes nothing more', async ({
    runner,
  }) => {
    const controlled = new ControlledJob(atATime(1));
    const first = await runner({ work: controlled.job });
    const { task } = await first.submit({ ...submission, items: ['a', 'b'] });
    await controlled.untilBegun(1);
    const closing = first.shutdown();
    await turns();
    controlled.end('a', 1);
    await closing;
    expect(controlled.begun).toEqual(['a']);
    expect(await first.wait(task.taskId)).toMatchObject({ status: 'running', completedCount: 1 });
    const closed = { code: 'RUNNER_CLOSED' };
    await expect(first.submit({ ...submission, items: ['x'] })).rejects.toMatchObject(closed);
    await expect(first.resume(task.taskId)).rejects.toMatchObject(closed);
    await expect(first.retryFailed(task.taskId)).rejects.toMatchObject(closed);
    const second = await runner({ work: controlled.job });
    await second.resume(task.taskId);
    await controlled.untilBegun(2);
    controlled.end('b', 2);
    expect((await second.wait(task.taskId)).status).toBe('completed');
    expect(controlled.begun).toEqual(['a', 'b']);
  });

  test('aborts what a shutdown has waited for long enough', async ({ tasks, runner }) => {
    const controlled = new ControlledJob();
    const work = await runner({ work: controlled.job });
    const { task } = await work.submit({ ...submission, items: ['a'] });
    await controlled.untilBegun(1);
    await work.shutdown({ drainMs: 0 });
    expect(controlled.aborted).toEqual(['a']);
    expect(await tasks.getTask(task.taskId)).toMatchObject({ status: 'running', completedCount: 0 });
    await work.shutdown();
  });
}
