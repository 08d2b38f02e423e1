/** A database and worker processes on it, which tests kill, stop and cut off. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, onTestFinished } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { type LaterVersion, openCluster } from './open-cluster.ts';

/** Longer runs: `PANELIST_CLUSTER_FACTOR=5` does five times as much. */
export const FACTOR = Number(process.env.PANELIST_CLUSTER_FACTOR ?? 1);
/** Of a worker, in seconds: pg-boss allows no less. */
export const HEARTBEAT_SECONDS = 10;

const program = new URL('./worker-main.ts', import.meta.url).pathname;

export interface WorkerOptions {
  readonly itemMs: number;
  readonly maxConcurrency?: number;
  readonly resultBytes?: number;
  /** Where it connects to. @default the cluster's database */
  readonly url?: string;
  /** It is a later version of the program. */
  readonly later?: LaterVersion;
  /** A task that it submits when it is told to; then it works on nothing else. */
  readonly submits?: { readonly taskKey: string; readonly items: number };
}

export class TestWorker {
  readonly process: ChildProcess;
  readonly log: string;
  /** It was killed, stopped or cut off: what it was doing then may be done again. */
  mayHaveLost = false;

  constructor(process: ChildProcess, log: string) {
    this.process = process;
    this.log = log;
  }

  async kill(): Promise<void> {
    this.mayHaveLost = true;
    const exited = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exited;
  }

  /** SIGTERM: what it is doing is finished. @returns its exit code */
  async stop(): Promise<number | null> {
    const exited = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    return (await exited)[0] as number | null;
  }

  /** How often each item was begun here. */
  async begun(): Promise<readonly string[]> {
    const text = await readFile(this.log, 'utf8').catch(() => '');
    return [...text.matchAll(/^begun (.+)$/gm)].map(([, key]) => key!);
  }
}

export class Cluster {
  readonly postgres: EmbeddedPostgres;
  readonly workers: TestWorker[] = [];
  readonly #url: string;
  readonly #folder: string;

  private constructor(postgres: EmbeddedPostgres, url: string, folder: string) {
    this.postgres = postgres;
    this.#url = url;
    this.#folder = folder;
  }

  /** It ends with the test. */
  static async start(): Promise<Cluster> {
    const postgres = await startEmbeddedPostgres();
    return Cluster.on(postgres, postgres.url);
  }

  /** On a database of a server that was started for it. */
  static async on(postgres: EmbeddedPostgres, url: string): Promise<Cluster> {
    const folder = await mkdtemp(join(tmpdir(), 'panelist-cluster-'));
    const cluster = new Cluster(postgres, url, folder);
    onTestFinished(async () => {
      for (const { process } of cluster.workers) process.kill('SIGKILL');
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    });
    // Tables are there before anybody works.
    await (await openCluster(url)).close();
    return cluster;
  }

  async addWorker({
    itemMs,
    maxConcurrency = 50,
    resultBytes = 300,
    url = this.#url,
    later,
    submits,
  }: WorkerOptions): Promise<TestWorker> {
    const log = join(this.#folder, `worker-${this.workers.length}.log`);
    const args = [url, log, ...[itemMs, maxConcurrency, resultBytes].map(String)];
    if (submits !== undefined) args.push(submits.taskKey, String(submits.items));
    const worker = new TestWorker(
      fork(program, args, {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        env: { ...process.env, ...(later && { PANELIST_LATER: later }) },
      }),
      log,
    );
    this.workers.push(worker);
    const [message] = await once(worker.process, 'message');
    expect(message).toBe('ready');
    return worker;
  }

  async addWorkers(count: number, options: WorkerOptions): Promise<readonly TestWorker[]> {
    return Promise.all(Array.from({ length: count }, () => this.addWorker(options)));
  }

  /** Creates a task and leaves it to the workers. */
  async submit(items: number, taskKey = 'task'): Promise<string> {
    const { tasks, close } = await openCluster(this.#url);
    const entries = Array.from({ length: items }, (_, index) => ({
      key: `item-${index}`,
      input: `${index}`,
    }));
    const { task } = await tasks.getOrCreateTask({ job: 'item', taskKey, items: entries });
    await close();
    return task.taskId;
  }

  async query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.#url });
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end().catch(() => {});
    }
  }

  /** How many results are recorded; the server may be away. */
  async recorded(taskId: string): Promise<number> {
    const [row] = await this.query<{ count: string }>(
      'select count(*) from task_results where task_id = $1',
      [taskId],
    ).catch(() => []);
    return Number(row?.count ?? 0);
  }

  /** Resolves when at least so many results are recorded. */
  async untilRecorded(taskId: string, results: number): Promise<void> {
    while ((await this.recorded(taskId)) < results) await sleep(100);
  }

  async untilEnded(taskId: string): Promise<void> {
    for (;;) {
      const [row] = await this.query<{ status: string }>('select status from tasks where task_id = $1', [
        taskId,
      ]);
      if (row !== undefined && row.status !== 'pending' && row.status !== 'running') return;
      await sleep(100);
    }
  }

  /** Every item is recorded once, the counters are equal to the rows, and nothing is left in the queue. */
  async expectComplete(taskId: string, items: number): Promise<void> {
    const [rows] = await this.query(
      `select count(*)::int as rows, count(distinct item_key)::int as keys, sum(success)::int as successes
         from task_results where task_id = $1`,
      [taskId],
    );
    expect(rows).toEqual({ rows: items, keys: items, successes: items });
    const [task] = await this.query(
      `select status, total_count::int as total, completed_count::int as completed, success_count::int as successes,
         failed_count::int as failures from tasks where task_id = $1`,
      [taskId],
    );
    expect(task).toEqual({
      status: 'completed',
      total: items,
      completed: items,
      successes: items,
      failures: 0,
    });
    const [jobs] = await this.query(
      'select count(*)::int as jobs from pgboss.job_common where name like $1',
      [`panelist/${taskId}%`],
    );
    expect(jobs).toEqual({ jobs: 0 });
  }

  /**
   * No item was worked on twice but those in flight where a worker was killed, stopped or cut off.
   *
   * @param inFlight items at most that each such worker was working on or recording: fifty each
   * @returns how often items were begun again
   */
  async expectNoNeedlessWork(items: number, inFlight = 100): Promise<number> {
    const lostBy = new Map<string, number>();
    const begun = new Map<string, number>();
    for (const worker of this.workers) {
      const keys = await worker.begun();
      for (const key of keys) begun.set(key, (begun.get(key) ?? 0) + 1);
      if (worker.mayHaveLost) for (const key of keys) lostBy.set(key, (lostBy.get(key) ?? 0) + 1);
    }
    const needless = [...begun].filter(([key, times]) => times > 1 + (lostBy.get(key) ?? 0));
    expect(needless).toEqual([]);
    const again = [...begun.values()].reduce((sum, times) => sum + times, 0) - items;
    const losers = this.workers.filter(({ mayHaveLost }) => mayHaveLost).length;
    expect(again).toBeLessThanOrEqual(losers * inFlight);
    expect(begun.size).toBe(items);
    return again;
  }
}
