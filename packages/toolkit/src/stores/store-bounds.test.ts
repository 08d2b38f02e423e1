import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'vitest';
import { openSqliteTaskStore } from '../sqlite.ts';
import { TaskManager } from '../tasks/task-manager.ts';
import { expectBounded } from '../testing/expect-bounded.ts';
import { newTask } from '../testing/store-conformance/new-task.ts';
import { MemoryTaskStore } from './memory.ts';
import { SqliteConnection } from './sqlite/sqlite-connection.ts';

const taskParams = { text: 'x'.repeat(2_000) };

describe('memory is bounded', () => {
  it('in a store of tasks in memory, which forgets finished ones', async () => {
    const store = new MemoryTaskStore({ maxFinishedTasks: 100 });
    await expectBounded(
      async (round) => {
        const taskId = `task_${round}`;
        // Not one text that all share.
        const own = { text: `${taskParams.text} ${round}` };
        await store.create(newTask({ taskId, fingerprint: taskId, taskParams: own }));
        await store.transition(taskId, 'cancelled', { at: round });
      },
      { rounds: 3_000, bytesARound: 50 },
    );
  });

  it('in a SQL store, for the parameters that it keeps at hand', async () => {
    const store = await openSqliteTaskStore(':memory:');
    await expectBounded(
      async (round) => {
        const taskId = `task_${round}`;
        await store.create(newTask({ taskId, fingerprint: taskId, taskParams }));
        await store.get(taskId);
      },
      { rounds: 1_000, bytesARound: 200 },
    );
    await store.close();
  });

  it('in a SQLite connection, for its compiled statements', async () => {
    const connection = new SqliteConnection(new DatabaseSync(':memory:'), ':memory:');
    await expectBounded((round) => connection.prepare(`select ${round}`), {
      rounds: 2_000,
      bytesARound: 50,
    });
    connection.close();
  });

  it('in a task manager, for tasks that nobody holds any more', async () => {
    const manager = new TaskManager({ store: new MemoryTaskStore({ maxFinishedTasks: 0 }) });
    await expectBounded(
      async (round) => {
        const { task } = await manager.getOrCreateTask({ taskKey: `k${round}`, totalCount: 1 });
        await manager.startTask(task.taskId);
        await manager.updateProgress(task.taskId, { result: taskParams });
        await manager.completeTask(task.taskId);
      },
      { rounds: 3_000, bytesARound: 50 },
    );
  });
});
