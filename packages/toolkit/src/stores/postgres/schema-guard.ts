import { type Kysely, sql, type Transaction } from 'kysely';
import { quote, ToolkitError } from '../../errors/toolkit-error.ts';
import { migrateIn } from '../sql/migrate.ts';
import type { ComponentVersion, StoreMigration } from '../sql/sql-database.ts';

interface GuardTables {
  schema_versions: {
    component: string;
    /** How many migrations have been run. */
    version: number;
    /** How many of them a program must know to work on the tables. */
    oldest: number;
  };
}

interface Stored {
  readonly version: number;
  readonly oldest: number;
}

/** `compatible`: only where programs of the version that is there can go on. */
export type UpdatesSchema = boolean | 'compatible';

type Migrations = Readonly<Record<string, StoreMigration>>;

/**
 * Lets programs of several versions work on one database, and only where that does no harm. Each component's tables have a
 * version; a program creates those that are missing, and changes those that are older only when it is asked to.
 */
export class SchemaGuard {
  readonly #db: Kysely<GuardTables>;
  readonly #updates: UpdatesSchema;
  /** Of the components that this process works with: how many migrations it knows. */
  readonly #known = new Map<string, number>();
  #hasTable = false;

  /** @param updates whether `open` brings older tables up to date */
  constructor(db: Kysely<unknown>, updates: UpdatesSchema) {
    this.#db = db as Kysely<GuardTables>;
    this.#updates = updates;
  }

  /**
   * Finds out whether this program may work on the component's tables, and creates them where there are none.
   *
   * @throws ToolkitError `STORE_OUTDATED`, `STORE_NEWER`
   */
  async open(component: string, migrations: Migrations): Promise<void> {
    const known = Object.keys(migrations).length;
    const stored = await this.#stored(component);
    const isToUpdate = stored === undefined || (stored.version < known && this.#updates !== false);
    if (isToUpdate) await this.#update(component, migrations);
    else refuseUnfit(component, stored, known);
    this.#known.set(component, known);
  }

  /** As `open` has found it, for all components of this process; others may have changed the tables since. */
  async check(): Promise<void> {
    for (const { component, version, oldest, known } of await this.versions())
      refuseUnfit(component, { version, oldest }, known);
  }

  async versions(): Promise<readonly (ComponentVersion & Stored)[]> {
    const rows = await this.#db.selectFrom('schema_versions').selectAll().execute();
    const stored = new Map(rows.map((row) => [row.component, row]));
    return [...this.#known].map(([component, known]) => ({
      component,
      known,
      version: stored.get(component)?.version ?? 0,
      oldest: stored.get(component)?.oldest ?? 0,
    }));
  }

  async #stored(component: string): Promise<Stored | undefined> {
    if (!this.#hasTable) {
      const { rows } = await sql<{ found: boolean }>`
        select to_regclass('schema_versions') is not null as found
      `.execute(this.#db);
      this.#hasTable = rows[0]?.found === true;
    }
    return this.#hasTable ? storedIn(this.#db, component) : undefined;
  }

  async #update(component: string, migrations: Migrations): Promise<void> {
    const known = Object.keys(migrations).length;
    await this.#db.transaction().execute(async (transaction) => {
      await sql`select pg_advisory_xact_lock(hashtext('panelist migrations'))`.execute(transaction);
      await createTable(transaction);
      // Another process may have been faster, and a newer one.
      const stored = await storedIn(transaction, component);
      if (stored !== undefined && (stored.version >= known || this.#updates === false)) {
        refuseUnfit(component, stored, known);
        return;
      }
      const inOrder = Object.keys(migrations)
        .sort()
        .map((name) => migrations[name]);
      const isHarmless = inOrder.slice(stored?.version ?? known).every((each) => each?.isCompatible === true);
      if (this.#updates === 'compatible' && !isHarmless)
        throw new ToolkitError(
          'STORE_OUTDATED',
          `The tables of ${quote(component)} have version ${stored?.version}, and version ${known} is one that programs of before cannot work on: end them all, and then bring the database up to date.`,
        );
      await migrateIn(transaction as unknown as Transaction<unknown>, component, migrations);
      // The first creates the tables: a program must know that.
      const oldest = Math.max(inOrder.findLastIndex((each) => each?.isCompatible !== true) + 1, 1);
      const version = { version: known, oldest };
      await transaction
        .insertInto('schema_versions')
        .values({ component, ...version })
        .onConflict((conflict) => conflict.column('component').doUpdateSet(version))
        .execute();
    });
    this.#hasTable = true;
  }
}

async function createTable(transaction: Transaction<GuardTables>): Promise<void> {
  await transaction.schema
    .createTable('schema_versions')
    .ifNotExists()
    .addColumn('component', 'text', (column) => column.primaryKey())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('oldest', 'bigint', (column) => column.notNull())
    .execute();
}

async function storedIn(db: Kysely<GuardTables>, component: string): Promise<Stored | undefined> {
  return db
    .selectFrom('schema_versions')
    .select(['version', 'oldest'])
    .where('component', '=', component)
    .executeTakeFirst();
}

function refuseUnfit(component: string, { version, oldest }: Stored, known: number): void {
  if (version < known)
    throw new ToolkitError(
      'STORE_OUTDATED',
      `The tables of ${quote(component)} have version ${version}, and this program needs version ${known}: bring the database up to date first.`,
    );
  if (known < oldest)
    throw new ToolkitError(
      'STORE_NEWER',
      `The tables of ${quote(component)} have version ${version}, which programs before version ${oldest} would harm, and this program knows ${known}: use a newer one.`,
    );
}
