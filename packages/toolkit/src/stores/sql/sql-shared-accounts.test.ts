import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openPostgresDatabase } from '../../postgres.ts';
import { openSqliteDatabase, SqlSharedAccounts } from '../../sqlite.ts';
import type { AccountReport, LimitReport } from '../../throttle/shared/shared-account.ts';
import { Throttle } from '../../throttle/throttle.ts';
import { newPostgresDatabase } from '../postgres/fixtures/new-database.ts';
import type { SqlDatabase } from './sql-database.ts';

const folder = await mkdtemp(join(tmpdir(), 'shared-accounts-'));
const opened: SqlDatabase[] = [];
afterAll(async () => {
  await Promise.all(opened.map((database) => database.close()));
  await rm(folder, { recursive: true });
});

const NOTHING: LimitReport = {
  setPerMinute: undefined,
  reportedPerMinute: undefined,
  held: 0,
  returned: 0,
  needed: 0,
  wanted: 0,
};

function report(member: string, requests: Partial<LimitReport>, others: Partial<AccountReport> = {}) {
  return { member, requests: { ...NOTHING, ...requests }, tokens: NOTHING, ...others };
}

const dialects: readonly [string, () => Promise<() => Promise<SqlDatabase>>][] = [
  [
    'SQLite',
    async () => {
      const path = join(folder, `${crypto.randomUUID()}.db`);
      return () => openSqliteDatabase(path);
    },
  ],
  [
    'PostgreSQL',
    async () => {
      const url = await newPostgresDatabase();
      return () => openPostgresDatabase(url);
    },
  ],
];

describe.each(dialects)('accounts shared in %s', (_, newDatabase) => {
  /** As many processes would open it, each with a connection of its own. */
  async function setUp(processes: number, clock?: () => number) {
    const open = await newDatabase();
    const databases: SqlDatabase[] = [];
    for (let index = 0; index < processes; index += 1) databases.push(await open());
    opened.push(...databases);
    const accounts = await Promise.all(
      databases.map((database) => SqlSharedAccounts.open(clock ? withClock(database, clock) : database)),
    );
    return { databases, accounts };
  }

  it('lend together no more than the bucket holds, when many ask at once', async () => {
    const { accounts } = await setUp(4, () => 1e12);
    const states = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        accounts[index % 4]!.account('one').exchange(
          report(`${index}`, { setPerMinute: 1_200, needed: 1, wanted: 3 }),
        ),
      ),
    );
    expect(states.reduce((sum, { requests }) => sum + requests.held, 0)).toBe(21);
  });

  it('lend what comes in with time, and count accounts apart', async () => {
    let now = 1e12;
    const { accounts } = await setUp(2, () => now);
    const ask = (process: number, account: string, held = 0) =>
      accounts[process]!.account(account).exchange(
        report(`${process}`, { setPerMinute: 600, held, needed: 1, wanted: 100 }),
      );
    expect((await ask(0, 'one')).requests.held).toBe(11);
    expect((await ask(1, 'one')).requests).toMatchObject({ held: 0, isScarce: true });
    expect((await ask(1, 'other')).requests.held).toBe(11);
    // The first has sent all.
    now += 1_000;
    expect((await ask(0, 'one')).requests.held).toBeGreaterThanOrEqual(1);
    now += 6_000;
    // A lease that nobody renewed is forgotten.
    expect((await ask(1, 'one')).requests.held).toBe(11);
  });

  it('share cooldowns, exhausted quotas and reported limits', async () => {
    let now = 1e12;
    const { accounts } = await setUp(2, () => now);
    const [one, two] = accounts.map((each) => each.account('one'));
    await one!.exchange(
      report(
        '1',
        { reportedPerMinute: 500 },
        { cooldown: { ms: 30_000.5, status: 429 }, quotaExhausted: true },
      ),
    );
    now += 1_000;
    const state = await two!.exchange(report('2', {}));
    expect(state).toMatchObject({
      requests: { perMinute: 500, leasedPerMinute: 500 },
      cooldown: { ms: 29_000.5, status: 429 },
      quota: { mark: 1e12, agoMs: 1_000 },
    });
    const reset = await two!.exchange(report('2', {}, { quotaReset: true }));
    expect(reset.quota).toBeUndefined();
    now += 30_000;
    expect(await one!.exchange(report('1', {}))).toMatchObject({ cooldown: undefined, quota: undefined });
  });

  it('let other processes know at once', async () => {
    const { accounts, databases } = await setUp(2);
    if (databases[0]!.dialect === 'sqlite') return; // Its processes look for themselves.
    const told = Promise.withResolvers<void>();
    const end = accounts[1]!.account('one').listen(() => told.resolve());
    await accounts[0]!.account('other').exchange(report('1', {}, { quotaExhausted: true }));
    const news = accounts[0]!.account('one');
    // The listener's connection may not be there yet.
    const telling = (async () => {
      for (let isTold = false; !isTold; ) {
        await news.exchange(report('1', {}, { quotaExhausted: true }));
        isTold = await Promise.race([
          told.promise.then(() => true),
          news.exchange(report('1', {})).then(() => false),
        ]);
      }
    })();
    await told.promise;
    await telling;
    end();
  });

  it('exchange in four round trips', async () => {
    const { accounts, databases } = await setUp(1);
    if (databases[0]!.dialect === 'sqlite') return;
    const account = accounts[0]!.account('one');
    await account.exchange(report('1', { setPerMinute: 60 }));
    const queries = vi.spyOn(pg.Client.prototype, 'query');
    await account.exchange(report('1', { setPerMinute: 60, needed: 1, wanted: 1 }));
    const texts = queries.mock.calls.map(([text]) => String(text).split(' ')[0]);
    queries.mockRestore();
    expect(texts).toEqual(['begin', 'select', 'insert', 'commit']);
  });

  it('go by the database’s clock, and store no key of an account', async () => {
    const { accounts, databases } = await setUp(1);
    const before = Date.now();
    await accounts[0]!.account('openai by sk-secret').exchange(report('1', { setPerMinute: 60 }));
    const { rows } = await sql<Record<string, unknown>>`select * from shared_account_states`.execute(
      databases[0]!.kysely(),
    );
    expect(JSON.stringify(rows)).not.toContain('secret');
    expect(rows[0]?.account_hash).toMatch(/^[0-9a-f]{64}$/);
    // The same machine.
    expect(Math.abs(Number(rows[0]?.updated_at) - before)).toBeLessThan(60_000);
  });

  it('are read again after something else wrote nonsense', async () => {
    const { accounts, databases } = await setUp(1);
    const account = accounts[0]!.account('one');
    await account.exchange(report('1', { setPerMinute: 60 }));
    await databases[0]!.write((transaction) =>
      sql`update shared_account_states
            set state = '{"requestsLevel":"lots","cooldownUntil":"never","leases":[1],"members":[{"totals":null}]}'`.execute(
        transaction,
      ),
    );
    const state = await account.exchange(report('1', { setPerMinute: 60, needed: 1, wanted: 1 }));
    expect(state).toMatchObject({ requests: { held: 1 }, cooldown: undefined });
  });

  it('let the throttles of two processes send as many as the limit allows', async () => {
    const { accounts } = await setUp(2);
    const throttles = accounts.map(
      (each) => new Throttle({ requestsPerMinute: 60, shared: each.account('one') }),
    );
    const over = new AbortController();
    let sent = 0;
    const first = Promise.withResolvers<void>();
    const calls = throttles.flatMap((throttle) =>
      Array.from({ length: 10 }, async () => {
        const permit = await throttle.acquire({ signal: over.signal });
        sent += 1;
        if (sent === 2) first.resolve();
        permit.succeeded();
      }),
    );
    await first.promise;
    over.abort();
    await Promise.allSettled(calls);
    // The bucket holds two, and gets another in a second.
    expect(sent).toBeLessThanOrEqual(3);
  });
});

function withClock(database: SqlDatabase, now: () => number): SqlDatabase {
  return {
    dialect: database.dialect,
    get clock() {
      return sql<number>`cast(${now()} as bigint)`;
    },
    notifier: database.notifier,
    locking: (query) => database.locking(query),
    kysely: () => database.kysely(),
    write: (operation, options) => database.write(operation, options),
    migrate: (name, migrations) => database.migrate(name, migrations),
    checkSchema: () => database.checkSchema(),
    schemaVersions: () => database.schemaVersions(),
    close: () => database.close(),
  };
}
