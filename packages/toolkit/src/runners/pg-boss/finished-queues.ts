import { sql, type Transaction } from 'kysely';
import type { PostgresDatabase } from '../../stores/postgres/postgres-database.ts';
import { isActive, type TaskStatus } from '../../tasks/task-record.ts';
import { PREFIX, queueOf, taskOf } from './queue-names.ts';

const TASKS_PER_STATEMENT = 1_000;

interface StoredTasks {
  tasks: { task_id: string; status: TaskStatus };
}

/** Removes the queues of tasks that have ended. */
export class FinishedQueues {
  readonly #database: PostgresDatabase;
  readonly #schema: string;

  constructor(database: PostgresDatabase, schema: string) {
    this.#database = database;
    this.#schema = schema;
  }

  /**
   * Removes the queue of a task that has ended or is unknown, with what is left in it. `false`: the task is active, perhaps
   * again, and nothing was removed.
   */
  remove(taskId: string): Promise<boolean> {
    return this.#database.write(
      async (transaction: Transaction<StoredTasks>) => {
        // Locked, so that nobody reopens it meanwhile.
        const task = await transaction
          .selectFrom('tasks')
          .select('status')
          .where('task_id', '=', taskId)
          .forUpdate()
          .executeTakeFirst();
        if (task !== undefined && isActive(task.status)) return false;
        await sql`
          select ${sql.id(this.#schema, 'delete_queue')}(name) from ${sql.table(`${this.#schema}.queue`)}
          where name = ${queueOf(taskId)}
        `.execute(transaction);
        return true;
      },
      { isLarge: true },
    );
  }

  /** Removes the queues of all tasks that have ended, and queues older than an hour without a task; returns how many. */
  async removeAll(): Promise<number> {
    const db = this.#database.kysely<StoredTasks>();
    const { rows } = await sql<{ name: string; is_old: boolean }>`
      select name, created_on < now() - interval '1 hour' as is_old
      from ${sql.table(`${this.#schema}.queue`)} where starts_with(name, ${PREFIX})
    `.execute(db);
    let removed = 0;
    for (let start = 0; start < rows.length; start += TASKS_PER_STATEMENT) {
      const some = rows.slice(start, start + TASKS_PER_STATEMENT);
      const found = await db
        .selectFrom('tasks')
        .select(['task_id', 'status'])
        .where(
          'task_id',
          'in',
          some.map(({ name }) => taskOf(name)),
        )
        .execute();
      const statuses = new Map(found.map(({ task_id, status }) => [task_id, status]));
      for (const { name, is_old } of some) {
        const taskId = taskOf(name);
        const status = statuses.get(taskId);
        // A queue without a task may be of one that is being created.
        const isNeeded = status === undefined ? !is_old : isActive(status);
        if (!isNeeded && (await this.remove(taskId))) removed += 1;
      }
    }
    return removed;
  }
}
