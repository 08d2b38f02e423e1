import { describe, expect, it } from 'vitest';
import { openPgBossQueue, type PgBossQueue } from '../../pg-boss.ts';
import { openPostgresDatabase, SqlTaskStore } from '../../postgres.ts';
import { emptyPostgresDatabase, newPostgresDatabase } from '../../stores/postgres/fixtures/new-database.ts';
import { TaskManager } from '../../tasks/task-manager.ts';
import { describeRunner, type RunnerSetUp } from '../../testing/describe-runner.ts';
import { PgBossRunner } from './pg-boss-runner.ts';

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
