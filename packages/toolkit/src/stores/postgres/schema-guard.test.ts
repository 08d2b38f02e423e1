import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openPostgresDatabase,
  type PostgresDatabase,
  type PostgresDatabaseOptions,
  type StoreMigration,
} from '../../postgres.ts';
import { newPostgresDatabase } from './fixtures/new-database.ts';

const column = (name: string) => async (db: Kysely<unknown>) =>
  db.schema.alterTable('pears').addColumn(name, 'text').execute();

const first: Record<string, StoreMigration> = {
  '1': { up: (db) => db.schema.createTable('pears').addColumn('a', 'text').execute() },
};
/** Adds a column that earlier programs need not know. */
const compatible: Record<string, StoreMigration> = { ...first, '2': { up: column('b'), isCompatible: true } };
const incompatible: Record<string, StoreMigration> = { ...compatible, '3': { up: column('c') } };
const later: Record<string, StoreMigration> = {
  ...incompatible,
  '4': { up: column('d'), isCompatible: true },
};

describe('versions of PostgreSQL tables', () => {
  let url: string;
  const opened: PostgresDatabase[] = [];
  beforeEach(async () => {
    url = await newPostgresDatabase();
  });
  afterEach(async () => {
    for (const database of opened.splice(0)) await database.close();
  });

  async function open(options: PostgresDatabaseOptions = {}): Promise<PostgresDatabase> {
    const database = await openPostgresDatabase(url, options);
    opened.push(database);
    return database;
  }

  const update = { updatesSchema: true };

  async function columns(database: PostgresDatabase): Promise<readonly string[]> {
    const { rows } = await sql<{ name: string }>`
      select column_name as name from information_schema.columns where table_name = 'pears' order by 1
    `.execute(database.kysely());
    return rows.map(({ name }) => name);
  }

  it('creates tables that are missing, once for several processes', async () => {
    const databases = await Promise.all([open(), open(), open()]);
    await Promise.all(databases.map((database) => database.migrate('pears', first)));
    expect(await databases[0].schemaVersions()).toMatchObject([{ component: 'pears', known: 1, version: 1 }]);
    // Another component comes later, without a word.
    await databases[1].migrate('plums', {
      '1': { up: (db) => db.schema.createTable('plums').addColumn('a', 'text').execute() },
    });
    await databases[1].checkSchema();
  });

  it('changes older tables only when it is asked to', async () => {
    await (await open()).migrate('pears', first);
    const newer = await open();
    await expect(newer.migrate('pears', compatible)).rejects.toMatchObject({
      code: 'STORE_OUTDATED',
      message: expect.stringMatching(/version 1, .* version 2/),
    });
    expect(await columns(newer)).toEqual(['a']);
    await (await open(update)).migrate('pears', compatible);
    await newer.migrate('pears', compatible);
    expect(await columns(newer)).toEqual(['a', 'b']);
  });

  it('lets an earlier program go on after a compatible change, and not after another', async () => {
    const early = await open();
    await early.migrate('pears', first);
    await (await open(update)).migrate('pears', compatible);
    await early.checkSchema();
    await (await open()).migrate('pears', first);
    const middle = await open();
    await middle.migrate('pears', compatible);

    await (await open(update)).migrate('pears', later);
    for (const database of [early, middle])
      await expect(database.checkSchema()).rejects.toMatchObject({ code: 'STORE_NEWER' });
    // To be asked for an update changes nothing of it.
    for (const options of [{}, update])
      await expect((await open(options)).migrate('pears', compatible)).rejects.toMatchObject({
        code: 'STORE_NEWER',
      });
    await (await open()).migrate('pears', incompatible);
    expect(await columns(early)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('makes only compatible changes where others may be at work', async () => {
    await (await open()).migrate('pears', first);
    const careful = await open({ updatesSchema: 'compatible' });
    await expect(careful.migrate('pears', later)).rejects.toMatchObject({ code: 'STORE_OUTDATED' });
    await careful.migrate('pears', compatible);
    expect(await columns(careful)).toEqual(['a', 'b']);
  });

  it('runs no migration twice where two processes update at once', async () => {
    await (await open()).migrate('pears', first);
    const updating = await Promise.all([open(update), open(update)]);
    await Promise.all(updating.map((database) => database.migrate('pears', later)));
    expect(await columns(updating[0])).toEqual(['a', 'b', 'c', 'd']);
  });

  it('leaves an older version where a migration fails', async () => {
    await (await open()).migrate('pears', first);
    const failing = { ...first, '2': { up: column('a') } };
    const database = await open(update);
    await expect(database.migrate('pears', failing)).rejects.toMatchObject({
      code: expect.stringMatching(/^STORE_/),
    });
    await (await open()).migrate('pears', first);
  });
});
