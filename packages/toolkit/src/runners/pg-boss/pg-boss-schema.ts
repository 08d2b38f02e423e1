import { createRequire } from 'node:module';
import { sql } from 'kysely';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import type { PostgresDatabase } from '../../stores/postgres/postgres-database.ts';

/**
 * Whether pg-boss may create or change its tables: where there are none, and where it is asked to.
 *
 * @throws ToolkitError `STORE_OUTDATED`, `STORE_NEWER`
 */
export async function mayMigrate(
  database: PostgresDatabase,
  schema: string,
  updatesSchema: boolean,
): Promise<boolean> {
  const db = database.kysely<unknown>();
  const table = `${schema}.version`;
  const { rows } = await sql<{ found: boolean }>`select to_regclass(${table}) is not null as found`.execute(
    db,
  );
  if (rows[0]?.found !== true) return true;
  const versions = await sql<{ version: number }>`select version from ${sql.table(table)}`.execute(db);
  const version = Number(versions.rows[0]?.version);
  if (version > SCHEMA_VERSION)
    throw new ToolkitError(
      'STORE_NEWER',
      `The tables of pg-boss have version ${version}, and this program works on version ${SCHEMA_VERSION}: use a newer one.`,
    );
  if (version < SCHEMA_VERSION && !updatesSchema)
    throw new ToolkitError(
      'STORE_OUTDATED',
      `The tables of pg-boss have version ${version}, and this program needs version ${SCHEMA_VERSION}: bring the database up to date first.`,
    );
  return updatesSchema;
}

/** Of pg-boss's tables, as its package says. */
const SCHEMA_VERSION: number = (
  createRequire(import.meta.url)('pg-boss/package.json') as { readonly pgboss: { readonly schema: number } }
).pgboss.schema;
