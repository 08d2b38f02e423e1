/**
 * Measures how long a task of 100,000 items blocks the event loop: the longest gap between two calls of a timer that runs
 * every millisecond. For each store, a runner submits the task (parameters, items and their fingerprint), its items are
 * read once, and the task is summarised after every item has a result.
 *
 * `node bench/event-loop.ts [items]`
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryTaskStore, TaskManager, type TaskStore } from '../packages/toolkit/src/index.ts';
import { openSqliteTaskStore } from '../packages/toolkit/src/sqlite.ts';

const ITEMS = Number(process.argv[2] ?? 100_000);
/** Concurrent recordings of results before the task is summarised; more would only take longer. */
const IN_FLIGHT = 100;

interface Hold {
  readonly longestMs: number;
  /** The most CPU time of the thread between two calls. On a busy machine the gap also includes other processes' time. */
  readonly cpuMs: number;
  readonly seconds: number;
}

async function holdOf(work: () => Promise<unknown>): Promise<Hold> {
  let last = performance.now();
  let lastCpu = process.threadCpuUsage();
  let longestMs = 0;
  let cpuMs = 0;
  const look = (): void => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    const { user, system } = process.threadCpuUsage(lastCpu);
    cpuMs = Math.max(cpuMs, (user + system) / 1_000);
    lastCpu = process.threadCpuUsage();
  };
  const timer = setInterval(look, 1);
  const startedAt = performance.now();
  await work();
  // So that the last gap is measured too, even if the work ends without a turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve));
  look();
  clearInterval(timer);
  return { longestMs, cpuMs, seconds: (performance.now() - startedAt) / 1_000 };
}

const items = Array.from({ length: ITEMS }, (_, index) => ({
  key: `respondent ${index}`,
  input: {
    respondentId: `R${index}`,
    age: index % 90,
    persona: 'A teacher who likes markets, soup and rain.',
  },
}));

async function measure(store: TaskStore): Promise<Record<string, Hold>> {
  const tasks = new TaskManager({ store });
  const job = 'bench';
  const taskParams = { survey: 'bench' };
  let taskId = '';
  const create = await holdOf(async () => {
    const identity = { job, taskParams, items };
    const { task } = await tasks.getOrCreateTask({ taskKey: 'k', taskParams, job, items, identity });
    ({ taskId } = task);
  });
  const readItems = await holdOf(async () => {
    let count = 0;
    for await (const _ of tasks.items(taskId, { status: 'pending' })) count += 1;
    if (count !== ITEMS) throw new Error(`${count} of ${ITEMS} items were read`);
  });
  await tasks.startTask(taskId);
  const keys = items.values();
  const worker = async (): Promise<void> => {
    for (const { key } of keys)
      await tasks.updateProgress(taskId, { itemKey: key, result: { answer: 'Soup', tokens: 12 } });
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  const summarise = await holdOf(async () => {
    await tasks.listTasks();
    const counts = new Map<unknown, number>();
    for await (const { result } of tasks.results(taskId)) {
      const { answer } = result as { readonly answer: string };
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    }
    if (counts.get('Soup') !== ITEMS) throw new Error(`${counts.get('Soup')} of ${ITEMS} results were read`);
  });
  // A new manager, like another process, has no cached results.
  const getTask = await holdOf(() => new TaskManager({ store }).getTask(taskId));
  await store.close();
  return { create, 'read all items': readItems, 'summarise all results': summarise, getTask };
}

/** The machine's own share: one millisecond of work per turn, for two seconds. */
const control = await holdOf(async () => {
  const end = performance.now() + 2_000;
  while (performance.now() < end) {
    const pause = performance.now() + 1;
    while (performance.now() < pause);
    await new Promise((resolve) => setImmediate(resolve));
  }
});

const folder = await mkdtemp(join(tmpdir(), 'panelist-bench-'));
try {
  const stores: Record<string, TaskStore> = {
    memory: new MemoryTaskStore(),
    SQLite: await openSqliteTaskStore(join(folder, 'tasks.db')),
  };
  console.log(
    `The longest time that the event loop is blocked, ${ITEMS.toLocaleString('en')} items (goal ≤ 50 ms):`,
  );
  console.log(`Control, 1 ms of work per turn: ${Math.round(control.longestMs)} ms`);
  for (const [name, store] of Object.entries(stores)) {
    const holds = Object.entries(await measure(store));
    console.table(
      Object.fromEntries(
        holds.map(([work, { longestMs, cpuMs, seconds }]) => [
          `${name}: ${work}`,
          {
            'longest hold, ms': Math.round(longestMs),
            'CPU while blocked, ms': Math.round(cpuMs),
            'total seconds': Number(seconds.toFixed(2)),
          },
        ]),
      ),
    );
  }
} finally {
  await rm(folder, { recursive: true });
}
