import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { nextTurn } from '../../clock/turns.ts';
import { openSqliteTaskStore } from '../../sqlite.ts';
import { TaskManager } from '../../tasks/task-manager.ts';
import { runningTask } from '../../testing/store-conformance/new-task.ts';

const folder = await mkdtemp(join(tmpdir(), 'several-processes-'));
afterAll(() => rm(folder, { recursive: true }));

const fixture = (name: string): string => join(import.meta.dirname, 'fixtures', name);

/** Starts the fixture in four processes, lets them go at the same moment, and returns what each sends. */
async function inFourProcesses<Sent>(name: string, path: string): Promise<Sent[]> {
  const children = Array.from({ length: 4 }, () => fork(fixture(name), [path], { execArgv: [] }));
  await Promise.all(children.map((child) => once(child, 'message')));
  const sent = children.map(async (child): Promise<Sent> => (await once(child, 'message'))[0] as Sent);
  for (const child of children) child.send('go');
  return Promise.all(sent);
}

describe('several processes on one SQLite file', () => {
  it('create one task when they ask for the same 1,000 times at once', async () => {
    const path = join(folder, 'create.db');
    const sent = await inFourProcesses<{ taskIds: string[]; made: number }>('create-many.ts', path);
    expect(new Set(sent.flatMap(({ taskIds }) => taskIds)).size).toBe(1);
    expect(sent.reduce((sum, { made }) => sum + made, 0)).toBe(1);
    const store = await openSqliteTaskStore(path);
    expect(await store.list()).toMatchObject([{ taskId: sent[0]?.taskIds[0], status: 'pending' }]);
    await store.close();
  });

  it('get each lease once', async () => {
    const path = join(folder, 'leases.db');
    const store = await openSqliteTaskStore(path);
    for (let index = 0; index < 50; index += 1) await runningTask(store, { fingerprint: `f${index}` });
    const held = await inFourProcesses<string[]>('take-leases.ts', path);
    expect(held.flat().toSorted()).toEqual((await store.list()).map(({ taskId }) => taskId).toSorted());
    await store.close();
  });

  it('lose nothing that was acknowledged when all are killed while recording', async () => {
    const path = join(folder, 'killed.db');
    const acknowledged = new Set<string>();
    for (const round of ['first', 'second']) {
      const children = ['a', 'b'].map((name) => spawnRecorder(path, `${round}-${name}`));
      await Promise.all(children.map((child) => killAfter(300, child, acknowledged)));
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(1_200);
    const store = await openSqliteTaskStore(path);
    const [task] = await store.list();
    const results = await Array.fromAsync(new TaskManager({ store }).results(task?.taskId ?? ''));
    const kept = new Set(results.map(({ itemKey }) => itemKey));
    expect([...acknowledged].filter((key) => !kept.has(key))).toEqual([]);
    expect(kept.size).toBe(results.length);
    expect(task).toMatchObject({
      completedCount: results.length,
      successCount: results.length,
      failedCount: 0,
    });
    await store.close();
  });

  it('leave nothing of a large task whose creation is killed', async () => {
    const path = join(folder, 'large.db');
    const before = await openSqliteTaskStore(path);
    const child = spawn(process.execPath, [fixture('create-large.ts'), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    const exited = once(child, 'close');
    while (statSync(`${path}-wal`).size < 4_000_000) await nextTurn();
    child.kill('SIGKILL');
    await exited;
    expect(printed).toBe('');
    expect(await before.list()).toEqual([]);
    const items = Array.from({ length: 3_000 }, (_, index) => ({ key: `item ${index}`, input: index }));
    const { task, isNew } = await new TaskManager({ store: before }).getOrCreateTask({
      taskKey: 'large',
      items,
    });
    expect(isNew).toBe(true);
    await before.close();
    const database = new DatabaseSync(path);
    expect(database.prepare('select distinct task_id from task_items').all()).toEqual([
      { task_id: task.taskId },
    ]);
    database.close();
  });
});

function spawnRecorder(path: string, prefix: string): ChildProcess {
  return spawn(process.execPath, [fixture('record-forever.ts'), path, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Kills the child once it has acknowledged `count` results; adds all that it has acknowledged by then. */
async function killAfter(count: number, child: ChildProcess, acknowledged: Set<string>): Promise<void> {
  let text = '';
  const exited = once(child, 'close');
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.split('\n').length > count) child.kill('SIGKILL');
  });
  await exited;
  for (const key of text.split('\n').slice(0, -1)) acknowledged.add(key);
}
