/**
 * The table that contenders without result rows of their own record results in. Its key is indexed as our own is, but not
 * unique, so that a result that is recorded twice shows.
 */
import type { Pool, QueryResultRow } from 'pg';
import type { Submitter } from './contender.ts';

export async function createResultsTable(pool: Pool): Promise<void> {
  await pool.query(
    'create table results (key text not null, result text not null, recorded_at timestamptz not null default now())',
  );
  await pool.query('create index on results (key)');
}

export const insertResults = 'insert into results (key, result) select * from unnest($1::text[], $2::text[])';

interface ResultRows {
  readonly table: string;
  readonly key: string;
  readonly where: string;
}
const resultsTable: ResultRows = { table: 'results', key: 'key', where: 'true' };

/** Counts the rows of results. */
export function resultCounts(
  pool: Pool,
  { table, key, where }: ResultRows = resultsTable,
): Pick<Submitter, 'count' | 'recorded'> {
  const one = async <R extends QueryResultRow>(columns: string): Promise<R> =>
    (await pool.query<R>(`select ${columns} from ${table} where ${where}`)).rows[0]!;
  return {
    async count() {
      return Number((await one<{ count: string }>('count(*)')).count);
    },
    async recorded() {
      const columns = `count(*) as rows, count(distinct ${key}) as keys`;
      const { rows, keys } = await one<{ rows: string; keys: string }>(columns);
      return { rows: Number(rows), distinctKeys: Number(keys) };
    },
  };
}

/** Inserts results that arrive during one insert together in the next one. `record` resolves after the commit. */
export class GroupedInserts {
  readonly #pool: Pool;
  #waiting: { readonly key: string; readonly result: string; readonly done: PromiseWithResolvers<void> }[] =
    [];
  #writing = false;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  record(key: string, result: string): Promise<void> {
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ key, result, done });
    if (!this.#writing) void this.#write();
    return done.promise;
  }

  async #write(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await this.#pool.query(insertResults, [
          group.map(({ key }) => key),
          group.map(({ result }) => result),
        ]);
        for (const { done } of group) done.resolve();
      } catch (error) {
        for (const { done } of group) done.reject(error);
      }
    }
    this.#writing = false;
  }
}
