import type { Kysely, Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { quote, ToolkitError } from '../../errors/toolkit-error.ts';
import { checkOption } from '../../options/check.ts';

/** Brings the tables of a component up to date, in a transaction that no other process has at the same time. */
export async function migrateIn(
  transaction: Transaction<unknown>,
  name: string,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const migrator = new Migrator({
    db: transaction as Kysely<unknown>,
    provider: { getMigrations: async () => ({ ...migrations }) },
    migrationTableName: `${name}_migrations`,
    migrationLockTableName: `${name}_migrations_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw unmigrated(name, error);
}

/** @throws ToolkitError `INVALID_OPTION` */
export function checkComponentName(name: string): void {
  checkOption(
    /^[a-z][a-z0-9_]*$/.test(name),
    'A component is named in lower case letters, digits and _',
    name,
  );
}

/** `STORE_…`, so that what the migration has already done is rolled back. */
function unmigrated(name: string, error: unknown): ToolkitError {
  if (error instanceof ToolkitError) return error;
  return new ToolkitError(
    'STORE_UNAVAILABLE',
    `The tables of ${quote(name)} could not be brought up to date. If a newer version made this database, use that one (${error instanceof Error ? error.message : String(error)}).`,
    { cause: error },
  );
}
