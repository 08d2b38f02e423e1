import type { Kysely, Transaction } from 'kysely';
import {
  ACTIVE_STATUSES,
  type ItemOutcome,
  isActive,
  type TaskItemRecord,
  type TaskRecord,
  type TaskResult,
  type TaskSettings,
  type TaskStatus,
} from '../../tasks/task-record.ts';
import {
  alreadyActive,
  configured,
  grantedLease,
  isDeletable,
  newRecord,
  storeClosed,
  taskNotFound,
  transitioned,
  withoutFailed,
} from '../../tasks/task-rules.ts';
import type {
  DeleteRequest,
  ItemsRequest,
  LeaseRequest,
  NewResult,
  NewTask,
  Page,
  PageRequest,
  ResetRequest,
  ResultsRequest,
  SummariesRequest,
  SummaryPage,
  TaskFilter,
  TaskStore,
  Transition,
} from '../../tasks/task-store.ts';
import { DatabaseClock } from './database-clock.ts';
import type { ItemQueue, QueuedItem } from './item-queue.ts';
import { RecordBatches } from './record-batches.ts';
import type { SqlDatabase, WriteOptions } from './sql-database.ts';
import { DetailsInsert, deleteDetails, deleteFailed } from './task-details.ts';
import { newestTasks, readSummaries } from './task-lists.ts';
import { taskMigrations } from './task-migrations.ts';
import { readItem, readItems, readOutcomes, readResults } from './task-pages.ts';
import { TaskRows } from './task-rows.ts';
import type { TaskTables } from './task-tables.ts';

type Tables = Transaction<TaskTables>;

const KEYS_PER_STATEMENT = 2_000;
/** Notified under the task's id: the task itself was created or changed, or it has another result. */
const NOTIFIED_TOPICS = ['task', 'progress'] as const;
type NotifiedTopic = (typeof NOTIFIED_TOPICS)[number];

/** A task with more items is a large write: see `WriteOptions`. */
const MOST_ITEMS_IN_GROUP = 2_000;

export interface SqlTaskStoreOptions {
  /** Whether `close` closes the database too. @default false, since other stores may share it */
  readonly closesDatabase?: boolean | undefined;
  /**
   * How long a result may wait for others that share its commit, milliseconds. It waits only while results follow each
   * other closely: then a few milliseconds save most commits. @default 0
   */
  readonly maxRecordDelayMs?: number | undefined;
  /** Hands out the items of tasks that have a job, in the store's transactions. @default none: a runner reads them */
  readonly queue?: ItemQueue | undefined;
}

/** Stores tasks in a SQL database. Any number of processes may use the same one. */
export class SqlTaskStore implements TaskStore {
  readonly #database: SqlDatabase;
  readonly #closesDatabase: boolean;
  readonly #rows: TaskRows;
  readonly #clock: DatabaseClock;
  readonly #insertDetails: DetailsInsert;
  readonly #records: RecordBatches;
  readonly #queue: ItemQueue | undefined;
  #isClosed = false;

  private constructor(
    database: SqlDatabase,
    { closesDatabase = false, maxRecordDelayMs = 0, queue }: SqlTaskStoreOptions,
  ) {
    this.#database = database;
    this.#closesDatabase = closesDatabase;
    this.#queue = queue;
    this.#insertDetails = new DetailsInsert(database.dialect);
    this.#rows = new TaskRows(database);
    this.#clock = new DatabaseClock(database);
    this.#records = new RecordBatches(database, this.#rows, queue, maxRecordDelayMs);
  }

  /** Creates or updates the store's tables in `database`. @throws ToolkitError `STORE_…` */
  static async open(database: SqlDatabase, options: SqlTaskStoreOptions = {}): Promise<SqlTaskStore> {
    await database.migrate('tasks', taskMigrations(database.dialect));
    return new SqlTaskStore(database, options);
  }

  get lost(): AbortSignal | undefined {
    return this.#database.lost;
  }

  /** SQLite tells nobody of a commit: a watch looks at the row, which costs no more than a look at the file. */
  get onChange(): TaskStore['onChange'] {
    const { dialect, notifier } = this.#database;
    if (dialect === 'sqlite') return undefined;
    return (listener) => {
      const ends = NOTIFIED_TOPICS.map((topic) => notifier.listen(topic, listener));
      return () => {
        for (const end of ends) end();
      };
    };
  }

  async create(task: NewTask): Promise<{ readonly task: TaskRecord; readonly isNew: boolean }> {
    // A commit whose answer was lost may have been carried out: then the second run finds what the first one inserted.
    let hasInserted = false;
    if ((task.items?.length ?? 0) > 0 && task.job !== null && this.#queue !== undefined) {
      const existing = await this.findActive(task.taskKey, task.fingerprint);
      if (existing === undefined) await this.#queue.prepare(task.taskId);
    }
    const created = await this.#write(
      async (transaction) => {
        const created = newRecord(task);
        for (;;) {
          const existing = await this.#rows.activeLike(transaction, task);
          if (existing !== undefined)
            return { task: existing, isNew: hasInserted && existing.taskId === task.taskId };
          // Another process may have created the same meanwhile; then it is found.
          if (await this.#rows.insert(transaction, created)) break;
        }
        hasInserted = true;
        await this.#insertDetails.execute(transaction, task);
        await this.#enqueue(
          transaction,
          created,
          task.items?.map(({ key }, position) => ({ key, position })),
        );
        return { task: created, isNew: true };
      },
      { isLarge: (task.items?.length ?? 0) > MOST_ITEMS_IN_GROUP },
    );
    if (!created.isNew) return created;
    if (task.job !== null) await this.#queue?.analyze(task.items?.length ?? 0);
    this.#announce('task', task.taskId);
    return created;
  }

  async get(taskId: string): Promise<TaskRecord | undefined> {
    const db = this.#read();
    const rows = await db.selectFrom('tasks').selectAll().where('task_id', '=', taskId).execute();
    return (await this.#clock.toOwn(await this.#rows.read(db, rows)))[0];
  }

  async findActive(taskKey: string, fingerprint?: string): Promise<TaskRecord | undefined> {
    return (await this.list({ taskKey, fingerprint, statuses: ACTIVE_STATUSES, limit: 1 }))[0];
  }

  async list({ limit = 100, ...filter }: TaskFilter = {}): Promise<readonly TaskRecord[]> {
    const db = this.#read();
    const rows = await newestTasks(db, filter).limit(limit).execute();
    return this.#clock.toOwn(await this.#rows.read(db, rows));
  }

  async summaries(request: SummariesRequest = {}): Promise<SummaryPage> {
    const page = await readSummaries(this.#read(), request, this.#database.dialect);
    return { ...page, entries: await this.#clock.toOwn(page.entries) };
  }

  transition(taskId: string, to: TaskStatus, details: Transition): Promise<TaskRecord> {
    return this.#change(
      taskId,
      async (transaction, task) => {
        const next = transitioned(task, to, details);
        if (isActive(to) && !isActive(task.status)) {
          const active = await this.#rows.activeLike(transaction, task);
          if (active !== undefined) throw alreadyActive(task, active.taskId);
        }
        await this.#rows.save(transaction, task, next);
        return next;
      },
      'task',
    );
  }

  configure(taskId: string, settings: TaskSettings): Promise<TaskRecord> {
    return this.#change(
      taskId,
      async (transaction, task) => {
        const next = configured(task, settings);
        await this.#rows.save(transaction, task, next);
        return next;
      },
      'task',
    );
  }

  async record(
    taskId: string,
    result: NewResult,
  ): Promise<{ readonly recorded: boolean; readonly task: TaskRecord }> {
    if (this.#isClosed) throw storeClosed();
    const outcome = await this.#records.add(taskId, result);
    if (outcome.recorded) this.#announce('progress', taskId);
    return outcome;
  }

  async results(taskId: string, page: ResultsRequest = {}): Promise<Page<TaskResult>> {
    const found = await readResults(this.#read(), taskId, page);
    if (found.entries.length === 0) await this.#mustExist(taskId);
    return found;
  }

  async outcomes(taskId: string, page: PageRequest = {}): Promise<Page<ItemOutcome>> {
    const found = await readOutcomes(this.#read(), taskId, page);
    if (found.entries.length === 0) await this.#mustExist(taskId);
    return found;
  }

  async items(taskId: string, page: ItemsRequest = {}): Promise<Page<TaskItemRecord>> {
    const found = await readItems(this.#read(), taskId, page, this.#database.dialect);
    if (found.entries.length === 0) await this.#mustExist(taskId);
    return found;
  }

  async item(taskId: string, key: string): Promise<TaskItemRecord | undefined> {
    const found = await readItem(this.#read(), taskId, key);
    if (found === undefined) await this.#mustExist(taskId);
    return found;
  }

  async resetFailed(taskId: string, { itemKeys }: ResetRequest = {}): Promise<number> {
    // A copy, since the transaction may come later, and run twice.
    const chunks = itemKeys === undefined ? [undefined] : chunksOf(itemKeys, KEYS_PER_STATEMENT);
    if (this.#queue !== undefined && typeof (await this.get(taskId))?.job === 'string')
      await this.#queue.prepare(taskId);
    return this.#change(
      taskId,
      async (transaction, task) => {
        let count = 0;
        for (const keys of chunks) {
          const items = await deleteFailed(transaction, taskId, keys);
          await this.#enqueue(transaction, task, items);
          count += items.length;
        }
        if (count > 0) await this.#rows.save(transaction, task, withoutFailed(task, count));
        return count;
      },
      'task',
    );
  }

  acquireLease(taskId: string, request: LeaseRequest): Promise<boolean> {
    return this.#change(taskId, async (transaction, task) => {
      const now = await this.#clock.now(transaction, request.now);
      const lease = grantedLease(task.lease, { ...request, now });
      if (lease === undefined) return false;
      await this.#rows.save(transaction, task, { ...task, lease });
      return true;
    });
  }

  releaseLease(taskId: string, owner: string): Promise<void> {
    return this.#change(taskId, async (transaction, task) => {
      if (task.lease?.owner === owner) await this.#rows.save(transaction, task, { ...task, lease: null });
    });
  }

  delete(taskId: string, request: DeleteRequest = {}): Promise<boolean> {
    return this.#change(
      taskId,
      async (transaction, task) => {
        if (!isDeletable(task, request)) return false;
        await deleteDetails(transaction, taskId);
        await this.#rows.delete(transaction, taskId);
        return true;
      },
      'task',
    );
  }

  /** Finishes the writes under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#records.settled();
    if (this.#closesDatabase) await this.#database.close();
  }

  #read(): Kysely<TaskTables> {
    if (this.#isClosed) throw storeClosed();
    return this.#database.kysely<TaskTables>();
  }

  async #write<T>(operation: (transaction: Tables) => Promise<T>, options?: WriteOptions): Promise<T> {
    if (this.#isClosed) throw storeClosed();
    // What is recorded from now on comes after this, as its caller expects.
    this.#records.closeBatch();
    return this.#database.write(operation, options);
  }

  /** @param topic of the notification that it has changed. @default none */
  async #change<T>(
    taskId: string,
    change: (transaction: Tables, task: TaskRecord) => Promise<T>,
    topic?: NotifiedTopic,
  ): Promise<T> {
    const changed = await this.#write(async (transaction) => {
      const task = await this.#rows.get(transaction, taskId);
      if (task === undefined) throw taskNotFound(taskId);
      return change(transaction, task);
    });
    if (topic !== undefined) this.#announce(topic, taskId);
    return changed;
  }

  #announce(topic: NotifiedTopic, taskId: string): void {
    void this.#database.notifier.notify(topic, taskId);
  }

  /** Only a runner's tasks are handed out. */
  async #enqueue(
    transaction: Tables,
    { taskId, job }: TaskRecord,
    items: readonly QueuedItem[] = [],
  ): Promise<void> {
    if (this.#queue === undefined || job === null || items.length === 0) return;
    await this.#queue.add(transaction as unknown as Transaction<unknown>, taskId, items);
  }

  async #mustExist(taskId: string): Promise<void> {
    if ((await this.get(taskId)) === undefined) throw taskNotFound(taskId);
  }
}

function chunksOf<T>(list: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
