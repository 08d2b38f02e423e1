import { ConcurrencyManager, MemoryTaskStore, TaskManager, TaskRunner } from '@panelist/toolkit';
import { VirtualClock } from '@panelist/toolkit/testing';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from './run-event.ts';
import { RunAccount } from './spending.ts';
import { followRun, type WatchedWorkspace, watchRun } from './watch-run.ts';

/** A job whose items end when they are released. */
function workspace(): {
  readonly watched: WatchedWorkspace & { readonly runner: TaskRunner };
  readonly release: (key: string, ok?: boolean) => void;
  readonly submit: (...keys: string[]) => Promise<string>;
  /** Resolves when an item has been begun. */
  readonly untilBegun: Promise<void>;
} {
  const gates = new Map<string, PromiseWithResolvers<string>>();
  const gateOf = (key: string): PromiseWithResolvers<string> => {
    const gate = gates.get(key) ?? Promise.withResolvers<string>();
    gates.set(key, gate);
    return gate;
  };
  const tasks = new TaskManager({ store: new MemoryTaskStore() });
  const runner = new TaskRunner({ tasks, concurrency: new ConcurrencyManager({ maxConcurrency: 10 }) });
  const begun = Promise.withResolvers<void>();
  runner.register('wait', {
    retry: false,
    run: (key) => {
      begun.resolve();
      return gateOf(String(key)).promise;
    },
  });
  const account = new RunAccount();
  return {
    watched: { tasks, runner, spending: () => account.spending },
    untilBegun: begun.promise,
    release: (key, ok = true) => (ok ? gateOf(key).resolve(key) : gateOf(key).reject(new Error('no'))),
    submit: async (...keys) => {
      const items = keys.map((key) => ({ key, input: key }));
      const { task } = await runner.submit({ job: 'wait', taskKey: 'k', taskParams: {}, items });
      return task.taskId;
    },
  };
}

const types = (events: readonly RunEvent[]): string[] => events.map(({ type }) => type);

async function all(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const seen: RunEvent[] = [];
  for await (const event of events) seen.push(event);
  return seen;
}

describe('watchRun', () => {
  it('reports each result once and in order from any start, and then the outcome', async () => {
    const { watched, release, submit } = workspace();
    const taskId = await submit('a', 'b', 'c');
    for (const key of ['a', 'b']) release(key);
    release('c', false);
    await watched.runner.wait(taskId);
    const events = await all(watchRun(watched, taskId, { after: -1 }));
    expect(types(events)).toEqual(['opened', 'result', 'result', 'result', 'progress', 'ended']);
    const results = events.filter((event) => event.type === 'result');
    expect(results.map(({ result }) => result.itemKey)).toEqual(['a', 'b', 'c']);
    const rest = await all(watchRun(watched, taskId, { after: results[0]?.sequence }));
    expect(rest.filter((event) => event.type === 'result')).toEqual(results.slice(1));
    expect(events.at(-1)).toMatchObject({
      outcome: { end: 'finished', failures: { reasons: [{ message: 'no', count: 1 }] } },
    });
    expect(types(await all(watchRun(watched, taskId)))).toEqual(['opened', 'progress', 'ended']);
  });

  it('only observes: an aborted watch ends, and the run continues', async () => {
    const { watched, release, submit, untilBegun } = workspace();
    const taskId = await submit('a');
    await untilBegun;
    const abort = new AbortController();
    const clock = new VirtualClock();
    const watch = watchRun(watched, taskId, { signal: abort.signal, clock });
    expect((await watch.next()).value).toMatchObject({ type: 'opened', run: { totalCount: 1 } });
    expect((await watch.next()).value).toMatchObject({
      type: 'progress',
      progress: { done: 0, inFlight: 1 },
    });
    const next = watch.next();
    abort.abort();
    expect(await next).toEqual({ value: undefined, done: true });
    release('a');
    expect((await watched.runner.wait(taskId)).successCount).toBe(1);
  });

  it('reports at most once every `everyMs` for a run of any size', async () => {
    const { watched, release, submit } = workspace();
    const taskId = await submit('a', 'b');
    const clock = new VirtualClock();
    const watch = watchRun(watched, taskId, { everyMs: 1_000, clock });
    await watch.next();
    await watch.next();
    release('a');
    const next = watch.next();
    await clock.advance(1_000);
    expect((await next).value).toMatchObject({ type: 'progress', progress: { total: 2 } });
    release('b');
    await watched.runner.wait(taskId);
    const last = watch.next();
    await clock.advance(1_000);
    expect((await last).value).toMatchObject({ progress: { done: 2, waiting: 0 } });
    expect((await watch.next()).value).toMatchObject({ type: 'ended' });
  });

  it('reports that a paused task can be resumed and a cancelled one is cancelled', async () => {
    for (const end of ['paused', 'cancelled'] as const) {
      const { watched, submit } = workspace();
      const taskId = await submit('a');
      if (end === 'paused') await watched.runner.pause(taskId, { reason: 'later', drainMs: 0 });
      else await watched.runner.cancel(taskId);
      expect((await all(watchRun(watched, taskId))).at(-1)).toMatchObject({ outcome: { end } });
    }
  });

  it('rejects an unknown task with its id', async () => {
    const { watched } = workspace();
    await expect(all(watchRun(watched, 'task_none'))).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });
});

describe('followRun', () => {
  it('ends immediately with the run', async () => {
    const { watched, release, submit } = workspace();
    const taskId = await submit('a');
    const events = all(followRun(watched, taskId, { everyMs: 1_000_000 }));
    release('a');
    expect((await events).at(-1)).toMatchObject({ type: 'ended', outcome: { end: 'finished' } });
  });

  it('ends immediately when it is aborted, and the run continues', async () => {
    const { watched, release, submit, untilBegun } = workspace();
    const taskId = await submit('a');
    await untilBegun;
    const abort = new AbortController();
    const events = followRun(watched, taskId, { everyMs: 1_000_000, signal: abort.signal });
    await events.next();
    await events.next();
    const next = events.next();
    abort.abort();
    expect(await next).toEqual({ value: undefined, done: true });
    release('a');
    expect((await watched.runner.wait(taskId)).successCount).toBe(1);
  });

  it('is interrupted if the runner shuts down before the end', async () => {
    const { watched, submit } = workspace();
    const taskId = await submit('a');
    const events = all(followRun(watched, taskId, { everyMs: 1_000_000 }));
    await watched.runner.shutdown({ drainMs: 0 });
    expect((await events).at(-1)).toMatchObject({ outcome: { end: 'interrupted' } });
  });

  it('goes on while another of several processes takes the task over, and ends when none does', async () => {
    const { watched } = workspace();
    const { tasks } = watched;
    const { store } = tasks;
    const { taskId } = (await tasks.getOrCreateTask({ taskKey: 'k', taskParams: {}, totalCount: 1 })).task;
    await tasks.startTask(taskId);
    const lease = { ttlMs: 3_600_000, now: Date.now() };
    await store.acquireLease(taskId, { ...lease, owner: 'first' });
    const clock = new VirtualClock();
    const seen: RunEvent[] = [];
    const watching = (async () => {
      for await (const event of watchRun({ ...watched, serve: () => {} }, taskId, { clock }))
        seen.push(event);
    })();
    await clock.advance(10_000);
    await store.releaseLease(taskId, 'first');
    await clock.advance(15_000);
    await store.acquireLease(taskId, { ...lease, owner: 'other' });
    await clock.advance(15_000);
    expect(types(seen)).not.toContain('ended');
    await store.releaseLease(taskId, 'other');
    await clock.advance(60_000);
    await watching;
    expect(seen.at(-1)).toMatchObject({ outcome: { end: 'interrupted' } });
  });

  it('throws the error that ended the run, without an outcome', async () => {
    const { watched, submit } = workspace();
    const taskId = await submit('a');
    const lost = new Error('The database was deleted.');
    const runner = Object.assign(Object.create(watched.runner), { wait: () => Promise.reject(lost) });
    const seen: string[] = [];
    const follow = async (): Promise<void> => {
      for await (const { type } of followRun({ ...watched, runner }, taskId, { everyMs: 1 })) {
        seen.push(type);
        if (type === 'ended') return;
      }
    };
    await expect(follow()).rejects.toBe(lost);
    expect(seen).not.toContain('ended');
  });
});
