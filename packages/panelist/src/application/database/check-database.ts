import { ToolkitError } from '@panelist/toolkit';
import type { ComponentVersion, SqlDatabase } from '@panelist/toolkit/sqlite';
import { sql } from 'kysely';
import { PanelistError } from '../../panelist-error.ts';
import { WorkerRegistry } from '../../workers/sql-worker-registry.ts';
import type { Worker } from '../../workers/worker.ts';
import { latencyOf, openDatabase } from '../open-database.ts';
import { COMPONENTS } from './components.ts';

export interface DatabaseFinding {
  /** `problem`: something is wrong. `warning`: something may be lost one day. */
  readonly level: 'problem' | 'warning';
  /** The stable code of an error, or what was found. */
  readonly code: string;
  readonly message: string;
}

export interface DatabaseCheck {
  readonly dialect: 'sqlite' | 'postgres';
  /** Of the database itself, as it calls itself. */
  readonly serverVersion: string;
  /** Bytes on the disk. */
  readonly sizeBytes: number;
  /** Milliseconds that one question took, there and back. */
  readonly latencyMs: number;
  readonly components: readonly ComponentVersion[];
  readonly workers: readonly Worker[];
  readonly tasks: number;
  readonly findings: readonly DatabaseFinding[];
}

/** Findings of a kind that are listed. */
const MAX_LISTED = 20;
const LATENCY_SAMPLES = 5;

/**
 * Looks a database over, and changes nothing in it: whether this program may work on its tables, who does, whether every
 * task's counters are what its rows say, and whether its settings could lose what was acknowledged.
 *
 * @throws PanelistError `FILE_NOT_FOUND`; ToolkitError `STORE_UNAVAILABLE` where it cannot be reached
 */
export async function checkDatabase(address: string): Promise<DatabaseCheck> {
  const { database, close } = await openDatabase(address, { mustExist: true, withoutQueue: true });
  try {
    return await lookOver(database);
  } finally {
    await close();
  }
}

async function lookOver(database: SqlDatabase): Promise<DatabaseCheck> {
  const isPostgres = database.dialect === 'postgres';
  const findings: DatabaseFinding[] = [];
  const about = {
    dialect: database.dialect,
    serverVersion: await serverVersion(database),
    sizeBytes: await sizeOf(database),
    latencyMs: await medianLatencyMs(database),
  };
  findings.push(...(isPostgres ? await settingsOfPostgres(database) : await stateOfFile(database)));
  if (isPostgres && !(await hasTables(database))) {
    findings.push({
      level: 'problem',
      code: 'NO_TABLES',
      message:
        'It has no tables of Panelist yet: the first command that uses it creates them, or `panelist database migrate`.',
    });
    return { ...about, components: [], workers: [], tasks: 0, findings };
  }
  const unfit = await openComponents(database);
  findings.push(...unfit);
  if (unfit.length > 0) return { ...about, components: [], workers: [], tasks: 0, findings };
  const registry = await WorkerRegistry.open(database);
  findings.push(...(await countersBesideRows(database)));
  if (isPostgres) findings.push(...(await jobsBesideItems(database)));
  return {
    ...about,
    components: await database.schemaVersions(),
    workers: await registry.list(),
    tasks: await numberOf(database, sql`select count(*) as n from tasks`),
    findings,
  };
}

async function openComponents(database: SqlDatabase): Promise<readonly DatabaseFinding[]> {
  const findings: DatabaseFinding[] = [];
  for (const open of COMPONENTS) {
    try {
      await open(database);
    } catch (error) {
      if (!(error instanceof ToolkitError || error instanceof PanelistError)) throw error;
      findings.push({ level: 'problem', code: error.code, message: error.message });
    }
  }
  return findings;
}

/** Every counter of a task is the number of rows that it counts. */
async function countersBesideRows(database: SqlDatabase): Promise<readonly DatabaseFinding[]> {
  const { rows } = await sql<{
    task_id: string;
    completed_count: number;
    success_count: number;
    failed_count: number;
    total_count: number;
    job: string | null;
    results: number;
    succeeded: number;
    items: number;
  }>`
    select t.task_id, t.completed_count, t.success_count, t.failed_count, t.total_count, t.job,
      coalesce(r.results, 0) as results, coalesce(r.succeeded, 0) as succeeded, coalesce(i.items, 0) as items
    from tasks t
    left join (select task_id, count(*) as results, sum(success) as succeeded from task_results group by task_id) r
      on r.task_id = t.task_id
    left join (select task_id, count(*) as items from task_items group by task_id) i on i.task_id = t.task_id
    where t.completed_count <> coalesce(r.results, 0)
      or t.success_count <> coalesce(r.succeeded, 0)
      or t.failed_count <> t.completed_count - t.success_count
      or (t.job is not null and t.total_count <> coalesce(i.items, 0))
    order by t.created_at limit ${MAX_LISTED}
  `.execute(database.kysely());
  return rows.map((row) => ({
    level: 'problem',
    code: 'COUNTERS_DIFFER',
    message: `Task ${JSON.stringify(row.task_id)} counts ${row.completed_count} results (${row.success_count} succeeded, ${row.failed_count} failed) of ${row.total_count}, and has ${row.results} (${row.succeeded} succeeded) of ${row.items} items.`,
  }));
}

/** A task that is to be run has a job for each item without a result, in a queue of its name. */
async function jobsBesideItems(database: SqlDatabase): Promise<readonly DatabaseFinding[]> {
  const { rows: tables } = await sql<{ found: boolean }>`
    select to_regclass('pgboss.job_common') is not null as found
  `.execute(database.kysely());
  if (tables[0]?.found !== true) return [];
  const { rows } = await sql<{ task_id: string; items: number; jobs: number }>`
    select t.task_id, t.total_count - t.completed_count as items, coalesce(j.jobs, 0) as jobs
    from tasks t
    left join (
      select name, count(*) as jobs from pgboss.job_common where name like 'panelist/%' group by name
    ) j on j.name = 'panelist/' || t.task_id
    where t.status in ('pending', 'running') and t.job is not null
      and t.total_count - t.completed_count <> coalesce(j.jobs, 0)
    order by t.created_at limit ${MAX_LISTED}
  `.execute(database.kysely());
  return rows.map(({ task_id, items, jobs }) => ({
    level: 'warning',
    code: 'QUEUE_DIFFERS',
    message: `Task ${JSON.stringify(task_id)} has ${items} items without a result, and ${jobs} jobs in its queue: \`panelist tasks resume ${task_id}\` puts back what is missing. It may be so for a moment, and it is so after a copy.`,
  }));
}

/** Settings with which a commit that was acknowledged may be lost in a power cut. */
async function settingsOfPostgres(database: SqlDatabase): Promise<readonly DatabaseFinding[]> {
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')
  `.execute(database.kysely());
  return rows
    .filter(({ setting }) => setting === 'off')
    .map(({ name }) => ({
      level: 'warning',
      code: 'NOT_DURABLE',
      message: `The server's setting ${name} is off: answers that were acknowledged, and paid for, can be lost when the server loses its power.`,
    }));
}

async function stateOfFile(database: SqlDatabase): Promise<readonly DatabaseFinding[]> {
  const { rows } = await sql<Record<string, unknown>>`pragma quick_check(${sql.lit(MAX_LISTED)})`.execute(
    database.kysely(),
  );
  const problems = rows.map((row) => String(Object.values(row)[0])).filter((text) => text !== 'ok');
  return problems.map((message) => ({ level: 'problem', code: 'FILE_DAMAGED', message }));
}

async function hasTables(database: SqlDatabase): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select to_regclass('schema_versions') is not null as found
  `.execute(database.kysely());
  return rows[0]?.found === true;
}

async function serverVersion(database: SqlDatabase): Promise<string> {
  const query =
    database.dialect === 'postgres'
      ? sql<{ version: string }>`select current_setting('server_version') as version`
      : sql<{ version: string }>`select sqlite_version() as version`;
  const { rows } = await query.execute(database.kysely());
  return String(rows[0]?.version);
}

function sizeOf(database: SqlDatabase): Promise<number> {
  return numberOf(
    database,
    database.dialect === 'postgres'
      ? sql`select pg_database_size(current_database()) as n`
      : sql`select page_count * page_size as n from pragma_page_count(), pragma_page_size()`,
  );
}

/** The median of a few. */
async function medianLatencyMs(database: SqlDatabase): Promise<number> {
  const samples: number[] = [];
  for (let sample = 0; sample < LATENCY_SAMPLES; sample += 1)
    samples.push((await latencyOf(database)) * 1_000);
  return samples.sort((a, b) => a - b)[Math.floor(LATENCY_SAMPLES / 2)]!;
}

async function numberOf(database: SqlDatabase, query: ReturnType<typeof sql<unknown>>): Promise<number> {
  const { rows } = await query.execute(database.kysely());
  return Number((rows[0] as { readonly n?: unknown } | undefined)?.n ?? 0);
}
