import pg from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { type Clock, systemClock } from '../../clock/clock.ts';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import { openPgBossQueue, type PgBossQueue } from '../../pg-boss.ts';
import { openPostgresDatabase, openPostgresTaskStore, SqlTaskStore } from '../../postgres.ts';
import { emptyPostgresDatabase, newPostgresDatabase } from '../../stores/postgres/fixtures/new-database.ts';
import type { Job } from '../../tasks/job.ts';
import { TaskManager } from '../../tasks/task-manager.ts';
import { describeRunner, type RunnerSetUp } from '../../testing/describe-runner.ts';
import { ControlledJob } from '../../testing/runner-conformance/controlled-job.ts';
import { PgBossRunner, type PgBossRunnerOptions } from './pg-boss-runner.ts';

const queues = new WeakMap<TaskManager, PgBossQueue>();

let url: string | undefined;

/** A manager on an empty database, whose store closes all when it is closed. */
async function createTasks(): Promise<TaskManager> {
  url ??= await newPostgresDatabase();
  await emptyPostgresDatabase(url);
  const database = await openPostgresDatabase(url);
  const queue = await openPgBossQueue(database);
  const store = await SqlTaskStore.open(database, { queue });
  const close = store.close.bind(store);
  store.close = async () => {
    await close();
    await queue.close();
    await database.close();
  };
  const tasks = new TaskManager({ store });
  queues.set(tasks, queue);
  return tasks;
}

async function create({ tasks, jobs }: RunnerSetUp): Promise<PgBossRunner> {
  const runner = new PgBossRunner({ tasks, queue: queues.get(tasks)! });
  for (const [name, job] of Object.entries(jobs)) runner.register(name, job);
  return runner;
}

describeRunner('PgBossRunner', { create, createTasks }, { describe, it, expect });

interface Cluster {
  readonly url: string;
  /** Another process's manager and runner. */
  readonly join: (
    jobs: Readonly<Record<string, Job>>,
    options?: Partial<PgBossRunnerOptions>,
  ) => Promise<Member>;
}

interface Member {
  readonly tasks: TaskManager;
  readonly runner: PgBossRunner;
  readonly queue: PgBossQueue;
}

/** Runs a test on an empty database that any number of processes join, each with connections of its own. */
function onCluster(title: string, test: (cluster: Cluster) => Promise<void>): void {
  it(title, async () => {
    const address = await newPostgresDatabase();
    const members: Member[] = [];
    const join: Cluster['join'] = async (jobs, options = {}) => {
      const database = await openPostgresDatabase(address);
      const queue = await openPgBossQueue(database);
      const store = await SqlTaskStore.open(database, { queue });
      const tasks = new TaskManager({ store });
      const runner = new PgBossRunner({ tasks, queue, ...options });
      for (const [name, job] of Object.entries(jobs)) runner.register(name, job);
      const member = { tasks, runner, queue };
      members.push(member);
      closing.push(async () => {
        await runner.shutdown({ drainMs: 0 });
        await store.close();
        await queue.close();
        await database.close();
      });
      return member;
    };
    const closing: (() => Promise<void>)[] = [];
    try {
      await test({ url: address, join });
    } finally {
      for (const close of closing) await close();
    }
  });
}

const submission = { job: 'work', taskKey: 'key', taskParams: {} };
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `item-${index}`);

describe('several processes', () => {
  onCluster('leave an item pending whose job could not store something', async ({ join }) => {
    const full = new ToolkitError('STORE_FULL', 'no room');
    const failing = await join({
      work: {
        run: () => {
          throw full;
        },
      },
    });
    const { task } = await failing.runner.submit({ ...submission, items: numbered(2) });
    await expect(failing.runner.wait(task.taskId)).rejects.toBe(full);
    expect(await failing.tasks.store.get(task.taskId)).toMatchObject({
      status: 'running',
      completedCount: 0,
    });
    const { entries } = await failing.tasks.store.items(task.taskId, { status: 'pending' });
    expect(entries).toHaveLength(2);
  });

  onCluster("work on no more of a task's items at once than its settings allow", async ({ join }) => {
    let active = 0;
    let most = 0;
    const job: Job = {
      retry: false,
      run: async () => {
        active += 1;
        most = Math.max(most, active);
        await new Promise((resolve) => setTimeout(resolve, 5));
        active -= 1;
      },
    };
    const members = await Promise.all([join({ work: job }), join({ work: job }), join({ work: job })]);
    for (const { runner } of members) runner.serve();
    const settings = { maxConcurrency: 4 };
    const { task } = await members[0]!.runner.submit({ ...submission, items: numbered(120), settings });
    expect((await members[0]!.runner.wait(task.taskId)).successCount).toBe(120);
    expect(most).toBe(4);
  });

  onCluster('take what a process without a runner has created, and share it', async ({ join }) => {
    const workers = new Set<number>();
    const job = (worker: number): Job => ({
      retry: false,
      run: async () => {
        workers.add(worker);
        await new Promise((resolve) => setTimeout(resolve, 10));
      },
    });
    const options = { maxConcurrency: 3 };
    const [first, second] = await Promise.all([
      join({ work: job(1) }, options),
      join({ work: job(2) }, options),
    ]);
    first.runner.serve({ jobs: ['work'] });
    second.runner.serve();
    const { tasks } = await join({});
    const items = numbered(60).map((key) => ({ key, input: null }));
    const { task } = await tasks.getOrCreateTask({ ...submission, items });
    for await (const { status } of tasks.watch(task.taskId)) if (status === 'completed') break;
    expect(workers).toEqual(new Set([1, 2]));
    expect(await tasks.getTask(task.taskId)).toMatchObject({ completedCount: 60, successCount: 60 });
  });

  onCluster(
    'hand an item on whose process gives no sign of life, and refuse its late result',
    async (cluster) => {
      const first = await cluster.join({});
      const items = [{ key: 'a', input: null }];
      const { task } = await first.tasks.getOrCreateTask({ ...submission, items });
      await first.tasks.startTask(task.taskId);
      const [claimed] = (await first.queue.fetch(task.taskId, 1, Number.POSITIVE_INFINITY)) ?? [];
      // As if its process had stood still for an hour.
      const client = new pg.Client(cluster.url);
      await client.connect();
      await client.query("update pgboss.job set heartbeat_on = now() - interval '1 hour'");
      await client.end();
      const controlled = new ControlledJob();
      const second = await cluster.join({ work: controlled.job });
      second.runner.serve();
      await controlled.untilBegun(1);
      const late = { itemKey: 'a', result: 'late', claim: claimed?.claim };
      expect((await first.tasks.updateProgress(task.taskId, late)).recorded).toBe(false);
      expect((await first.queue.touch(task.taskId, [claimed!.claim])).size).toBe(0);
      controlled.end('a', 'in time');
      await second.runner.wait(task.taskId);
      const results = await Array.fromAsync(second.tasks.results(task.taskId), ({ result }) => result);
      expect(results).toEqual(['in time']);
    },
  );
});

onCluster('ten items are not behind thousands: the tasks share the slots', async ({ join }) => {
  let largeDone = 0;
  const begun = Promise.withResolvers<void>();
  const large: Job = {
    retry: false,
    run: async () => {
      begun.resolve();
      await new Promise((resolve) => setTimeout(resolve, 5));
      largeDone += 1;
    },
  };
  const { runner } = await join({ large, small: { retry: false, run: () => {} } }, { maxConcurrency: 4 });
  const { task } = await runner.submit({ ...submission, job: 'large', items: numbered(4_000) });
  await begun.promise;
  const small = await runner.submit({ ...submission, job: 'small', items: numbered(10) });
  expect((await runner.wait(small.task.taskId)).successCount).toBe(10);
  expect(largeDone).toBeLessThan(2_000);
  await runner.cancel(task.taskId);
});

for (const [large, settings] of [
  ['one without', {}],
  ['a larger one', { maxConcurrency: 50 }],
] as const) {
  onCluster(`a task with a limit is not behind ${large} that leaves no slot free`, async ({ join }) => {
    let largeDone = 0;
    const isFull = Promise.withResolvers<void>();
    const large: Job = {
      retry: false,
      run: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        largeDone += 1;
        if (largeDone === 40) isFull.resolve();
      },
    };
    const { runner } = await join({ large, small: { retry: false, run: () => {} } }, { maxConcurrency: 4 });
    const { task } = await runner.submit({ ...submission, job: 'large', items: numbered(4_000), settings });
    await isFull.promise;
    const limited = { job: 'small', items: numbered(10), settings: { maxConcurrency: 1 } };
    const small = await runner.submit({ ...submission, ...limited });
    expect((await runner.wait(small.task.taskId)).successCount).toBe(10);
    expect(largeDone).toBeLessThan(800);
    await runner.cancel(task.taskId);
  });
}

onCluster(
  'a runner that served before a job was registered does what is submitted later',
  async ({ join }) => {
    const { runner } = await join({});
    runner.serve();
    runner.register('work', { retry: false, run: () => 1 });
    const { task } = await runner.submit({ ...submission, items: numbered(3) });
    expect((await runner.wait(task.taskId)).successCount).toBe(3);
  },
);

onCluster('a job that cannot follow changed settings fails its own task, and no other', async ({ join }) => {
  const controlled = new ControlledJob();
  const tooMany = new Error('too many');
  let isChanged = false;
  const strict: Job = {
    ...controlled.job,
    maxConcurrency: () => {
      if (isChanged) throw tooMany;
      return 1;
    },
  };
  const other = new ControlledJob();
  const { runner, tasks } = await join({ strict, other: other.job });
  const submitted = await runner.submit({ ...submission, job: 'other', items: ['a'] });
  const { task } = await runner.submit({ ...submission, job: 'strict', items: ['a'] });
  await Promise.all([controlled.untilBegun(1), other.untilBegun(1)]);
  isChanged = true;
  await tasks.configureTask(task.taskId, { maxConcurrency: 2 });
  await expect(runner.wait(task.taskId)).rejects.toBe(tooMany);
  other.end('a', 1);
  expect((await runner.wait(submitted.task.taskId)).status).toBe('completed');
});

onCluster('a pause leaves no timer behind where nothing is in flight', async ({ join }) => {
  const controlled = new ControlledJob();
  const first = await join({ work: controlled.job });
  const { task } = await first.runner.submit({ ...submission, items: ['a'] });
  await controlled.untilBegun(1);
  const timers = new Map<symbol, number>();
  const clock: Clock = {
    ...systemClock,
    setTimer: (callback, delayMs) => {
      const timer = Symbol();
      timers.set(timer, delayMs);
      const cancel = systemClock.setTimer(() => {
        timers.delete(timer);
        callback();
      }, delayMs);
      return () => {
        timers.delete(timer);
        cancel();
      };
    },
  };
  const second = await join({ work: controlled.job }, { clock, pollMs: 20 });
  second.runner.serve();
  await vi.waitFor(() => expect(second.runner.running).toHaveLength(1), { timeout: 30_000 });
  await second.runner.pause(task.taskId);
  await second.runner.shutdown();
  expect([...timers.values()]).toEqual([]);
});

onCluster('an item whose server asks for a wait is put off, without using up a retry', async ({ join }) => {
  const tries = new Map<string, number>();
  const job: Job = {
    retry: { maxRetries: 0 },
    run: (_, { itemKey }) => {
      const before = tries.get(itemKey) ?? 0;
      tries.set(itemKey, before + 1);
      if (itemKey !== 'b' || before === 2) return tries.size;
      throw Object.assign(new Error('slow down'), { status: 429, headers: { 'retry-after': '1' } });
    },
  };
  // One slot: the others are done while the item waits.
  const { runner, tasks } = await join({ work: job }, { maxConcurrency: 1 });
  const { task } = await runner.submit({ ...submission, items: ['a', 'b', 'c', 'd'] });
  const started = performance.now();
  expect((await runner.wait(task.taskId)).successCount).toBe(4);
  expect(performance.now() - started).toBeGreaterThan(2_000);
  expect(tries.get('b')).toBe(3);
  const order = await Array.fromAsync(tasks.results(task.taskId), ({ itemKey }) => itemKey);
  expect(order).toEqual(['a', 'c', 'd', 'b']);
});

onCluster('a task that was created without a queue is resumed with all its items', async ({ join, url }) => {
  const store = await openPostgresTaskStore(url);
  const plain = new TaskManager({ store });
  const items = numbered(3).map((key) => ({ key, input: key }));
  const { task } = await plain.getOrCreateTask({ ...submission, items });
  await store.close();
  const { runner } = await join({ work: { retry: false, run: (input) => input } });
  await runner.resume(task.taskId);
  expect((await runner.wait(task.taskId)).successCount).toBe(3);
});

onCluster('the queue of a task is gone with its end, also of one that was cancelled', async ({ join }) => {
  const controlled = new ControlledJob();
  const { runner, queue } = await join({ work: { retry: false, run: () => 1 }, held: controlled.job });
  const { task } = await runner.submit({ ...submission, items: numbered(5) });
  await runner.wait(task.taskId);
  const held = await runner.submit({ ...submission, job: 'held', items: numbered(200) });
  await controlled.untilBegun(1);
  expect(await queue.size(held.task.taskId)).toBe(200);
  await runner.cancel(held.task.taskId);
  await runner.shutdown();
  expect([await queue.size(task.taskId), await queue.size(held.task.taskId), await queue.taskIds()]).toEqual([
    0,
    0,
    [],
  ]);
});

onCluster(
  'a task whose work cannot be recorded is tried again, and paused with the reason',
  async ({ join }) => {
    const faults: unknown[] = [];
    const { runner, tasks } = await join(
      { work: { retry: false, run: () => 1 } },
      {
        onFault: (taskId, error) => faults.push([taskId, (error as Error).message]),
        pollMs: 20,
        faultRestMs: 50,
      },
    );
    tasks.store.record = () => Promise.reject(new ToolkitError('STORE_FAILED', 'a row is not what it was'));
    const items = numbered(3).map((key) => ({ key, input: null }));
    const { task } = await tasks.getOrCreateTask({ ...submission, items });
    runner.serve();
    for await (const { status } of tasks.watch(task.taskId)) if (status === 'paused') break;
    expect(task.errorMessage).toBe('Its work has failed 3 times here. a row is not what it was');
    expect(faults).toEqual(Array(3).fill([task.taskId, 'a row is not what it was']));
  },
);

onCluster(
  'failures in a row before a stop are taken back, also those of other processes',
  async ({ join }) => {
    const job: Job = {
      retry: false,
      run: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        throw Object.assign(new Error('no such model'), { status: 404 });
      },
    };
    const options = { maxConcurrency: 2, maxConsecutiveFailures: 6 };
    const members = await Promise.all([join({ work: job }, options), join({ work: job }, options)]);
    for (const { runner } of members) runner.serve();
    const [first] = members;
    const { task } = await first!.runner.submit({ ...submission, items: numbered(40) });
    await Promise.all(members.map(({ runner }) => runner.wait(task.taskId)));
    const stopped = await first!.tasks.getTask(task.taskId);
    expect(stopped?.status).toBe('paused');
    expect(stopped?.errorMessage).toMatch(/^Stopped after 6 failures in a row/);
    expect(stopped?.failedCount).toBe(0);
  },
);

onCluster(
  'tasks that are there at once share the free slots, even if their items never end',
  async ({ join }) => {
    const [large, small] = [new ControlledJob(), new ControlledJob()];
    const { runner, tasks } = await join({ large: large.job, small: small.job }, { maxConcurrency: 4 });
    const items = numbered(10).map((key) => ({ key, input: null }));
    for (const job of ['large', 'small'])
      await tasks.getOrCreateTask({ ...submission, job, taskKey: job, items });
    runner.serve();
    await Promise.all([large.untilBegun(2), small.untilBegun(2)]);
    expect(runner.inFlight()).toBe(4);
  },
);

onCluster(
  'a process that another stops takes back what failed in a row in it, however little',
  async ({ join }) => {
    const noModel = Object.assign(new Error('no such model'), { status: 404 });
    const twoHaveFailed = Promise.withResolvers<void>();
    const isStopped = Promise.withResolvers<void>();
    let begun = 0;
    const slow: Job = {
      retry: false,
      run: async () => {
        begun += 1;
        if (begun === 3) twoHaveFailed.resolve();
        if (begun > 2) await isStopped.promise;
        throw noModel;
      },
    };
    const first = await join({ work: slow }, { maxConcurrency: 2 });
    const { task } = await first.runner.submit({ ...submission, items: numbered(20) });
    await twoHaveFailed.promise;
    const quick: Job = { retry: false, run: () => Promise.reject(noModel) };
    const second = await join({ work: quick }, { maxConsecutiveFailures: 3 });
    await second.runner.resume(task.taskId);
    expect((await second.runner.wait(task.taskId)).status).toBe('paused');
    isStopped.resolve();
    await first.runner.wait(task.taskId);
    expect(await first.tasks.getTask(task.taskId)).toMatchObject({ status: 'paused', failedCount: 0 });
  },
);

onCluster('quick items are claimed many at a time, and no more are done at once', async ({ join }) => {
  let active = 0;
  let most = 0;
  const job: Job = {
    retry: false,
    run: async () => {
      active += 1;
      most = Math.max(most, active);
      await Promise.resolve();
      active -= 1;
    },
  };
  const { runner, queue } = await join({ work: job }, { maxConcurrency: 5 });
  const fetch = vi.spyOn(queue, 'fetch');
  const { task } = await runner.submit({ ...submission, items: numbered(2_000) });
  expect((await runner.wait(task.taskId)).successCount).toBe(2_000);
  expect(most).toBe(5);
  // Five at a time would be 400.
  expect(fetch.mock.calls.length).toBeLessThan(100);
});

onCluster('what was claimed ahead goes to another process when items become slow', async ({ url, join }) => {
  const client = new pg.Client(url);
  await client.connect();
  let begun = 0;
  const isOver = Promise.withResolvers<void>();
  const slowing: Job = {
    retry: false,
    run: async () => {
      begun += 1;
      if (begun > 2) await isOver.promise;
    },
  };
  const first = await join({ work: slowing }, { maxConcurrency: 2 });
  const { task } = await first.runner.submit({ ...submission, items: numbered(40) });
  const active = async (): Promise<number> =>
    Number((await client.query("select count(*) as n from pgboss.job where state = 'active'")).rows[0].n);
  await vi.waitFor(async () => expect(await active()).toBeGreaterThan(20), { timeout: 30_000 });
  expect(first.runner.inFlight()).toBe(2);
  const second = await join({ work: { retry: false, run: () => {} } });
  second.runner.serve();
  await vi.waitFor(async () => expect((await second.tasks.getTask(task.taskId))?.completedCount).toBe(38), {
    timeout: 30_000,
  });
  expect(begun).toBe(4);
  isOver.resolve();
  expect((await first.runner.wait(task.taskId)).successCount).toBe(40);
  await client.end();
});

onCluster('a process without work claims nothing of tasks whose items others have', async ({ join }) => {
  const controlled = new ControlledJob();
  const first = await join({ work: controlled.job });
  for (const taskKey of numbered(5)) await first.runner.submit({ ...submission, taskKey, items: [taskKey] });
  await controlled.untilBegun(5);
  const second = await join({ work: controlled.job }, { pollMs: 20 });
  const states = vi.spyOn(second.queue, 'states');
  const fetch = vi.spyOn(second.queue, 'fetch');
  second.runner.serve();
  await vi.waitFor(() => expect(second.runner.running).toHaveLength(5), { timeout: 30_000 });
  states.mockClear();
  await vi.waitFor(() => expect(states.mock.calls.length).toBeGreaterThan(1), { timeout: 30_000 });
  fetch.mockClear();
  await vi.waitFor(() => expect(states.mock.calls.length).toBeGreaterThan(20), { timeout: 30_000 });
  expect(fetch).not.toHaveBeenCalled();
  // The queue has the item again: then it is claimed.
  await first.runner.shutdown({ drainMs: 0 });
  await controlled.untilBegun(10);
});

onCluster('a task has a lease while any process works on it', async ({ join }) => {
  const [one, other] = [new ControlledJob(), new ControlledJob()];
  const first = await join({ work: one.job }, { maxConcurrency: 1 });
  const { task } = await first.runner.submit({ ...submission, items: numbered(2) });
  await one.untilBegun(1);
  const second = await join({ work: other.job }, { pollMs: 20, maxConcurrency: 1 });
  second.runner.serve();
  await other.untilBegun(1);
  const before = (await second.tasks.store.get(task.taskId))?.lease?.owner;
  await first.runner.shutdown({ drainMs: 0 });
  await vi.waitFor(
    async () => {
      const owner = (await second.tasks.store.get(task.taskId))?.lease?.owner;
      expect(owner).toBeDefined();
      expect(owner).not.toBe(before);
    },
    // Well before a heartbeat would take it.
    { timeout: 2_000 },
  );
});

onCluster('settings that were read before they were changed are not followed', async ({ join }) => {
  const budgets: unknown[] = [];
  const controlled = new ControlledJob({ configure: ({ budget }) => void budgets.push(budget) });
  const { runner, tasks } = await join({ work: controlled.job }, { pollMs: 20 });
  const { task } = await runner.submit({ ...submission, items: ['a'], settings: { budget: 1 } });
  await controlled.untilBegun(1);
  const isRead = Promise.withResolvers<void>();
  const isChanged = Promise.withResolvers<void>();
  const read = tasks.store.summaries.bind(tasks.store);
  tasks.store.summaries = async (request) => {
    const page = await read(request);
    isRead.resolve();
    await isChanged.promise;
    return page;
  };
  await isRead.promise;
  await tasks.configureTask(task.taskId, { budget: 2 });
  isChanged.resolve();
  controlled.end('a', 1);
  await runner.wait(task.taskId);
  expect(budgets).toEqual([1, 2]);
});
