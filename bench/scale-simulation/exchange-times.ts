/** How long the row of a shared account is locked by one exchange, measured on PostgreSQL. */
import { Pool } from 'pg';
import { openPostgresDatabase, SqlSharedAccounts } from '../../packages/toolkit/src/postgres.ts';
import type { AccountReport } from '../../packages/toolkit/src/throttle/shared/shared-account.ts';
import { startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';

export interface ExchangeTime {
  readonly members: number;
  /** One exchange alone: what a worker waits where nobody else asks. */
  readonly aloneMs: number;
  /** Between two exchanges of processes that all wait for the row: its capacity. */
  readonly queuedMs: number;
}

const EXCHANGES = 300;
const AT_ONCE = 8;

const report = (member: string): AccountReport => ({
  member,
  requests: {
    setPerMinute: 60_000,
    reportedPerMinute: undefined,
    held: 0,
    returned: 0,
    needed: 1,
    wanted: 10,
  },
  tokens: {
    setPerMinute: undefined,
    reportedPerMinute: undefined,
    held: 0,
    returned: 0,
    needed: 0,
    wanted: 0,
  },
});

export async function measureExchanges(memberCounts: readonly number[]): Promise<readonly ExchangeTime[]> {
  const server = await startEmbeddedPostgres();
  const pool = new Pool({ connectionString: server.url });
  const database = await openPostgresDatabase(server.url, { maxConnections: AT_ONCE });
  try {
    const accounts = await SqlSharedAccounts.open(database);
    const times: ExchangeTime[] = [];
    for (const members of memberCounts) {
      const account = accounts.account(`account of ${members}`);
      await account.exchange(report('member-0'));
      await pool.query(
        `insert into shared_account_states
           select s.account_hash, 'member-' || n, s.state, s.updated_at + 3600000
           from shared_account_states s, generate_series(1, $1::int) n
           where s.account_hash = (select account_hash from shared_account_states group by 1 having count(*) = 2)
             and s.member = 'member-0'`,
        [members - 1],
      );
      await pool.query('vacuum analyze shared_account_states');
      const run = async (callers: number): Promise<number> => {
        let next = 0;
        const caller = async (): Promise<void> => {
          while (next < EXCHANGES) await account.exchange(report(`member-${next++ % Math.min(members, 16)}`));
        };
        const start = performance.now();
        await Promise.all(Array.from({ length: callers }, caller));
        return (performance.now() - start) / EXCHANGES;
      };
      await run(AT_ONCE);
      times.push({ members, aloneMs: await run(1), queuedMs: await run(AT_ONCE) });
    }
    return times;
  } finally {
    await database.close();
    await pool.end();
    await server.stop();
  }
}

/** Between measured numbers of members, on a straight line. */
export function queuedMsOf(times: readonly ExchangeTime[], members: number): number {
  const above = times.findIndex((time) => time.members >= members);
  if (above <= 0) return times.at(above === 0 ? 0 : -1)!.queuedMs;
  const [low, high] = [times[above - 1]!, times[above]!];
  const share = (members - low.members) / (high.members - low.members);
  return low.queuedMs + share * (high.queuedMs - low.queuedMs);
}
