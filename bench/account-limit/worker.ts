/**
 * One worker of `account-limit.ts`: calls until it is killed. `node worker.ts DATABASE SIMULATOR LIMIT|headers|nothing`: what it
 * knows of the limit.
 */
import { ErrorHandler, Throttle } from '@panelist/toolkit';
import { openPostgresDatabase } from '@panelist/toolkit/postgres';
import { openSqliteDatabase, SqlSharedAccounts } from '@panelist/toolkit/sqlite';

const CALLERS = 40;

const [location = '', url = '', knows = ''] = process.argv.slice(2);
const readsHeaders = knows === 'headers';
const database = await (location.startsWith('postgres:')
  ? openPostgresDatabase(location)
  : openSqliteDatabase(location));
const accounts = await SqlSharedAccounts.open(database);
const throttle = new Throttle({
  requestsPerMinute: Number(knows) || undefined,
  shared: accounts.account('bench'),
});
const handler = new ErrorHandler({ throttle });
const body = JSON.stringify({
  model: 'simulator',
  messages: [{ role: 'user', content: 'Do you like soup?' }],
});
let answered = 0;

async function caller(): Promise<never> {
  for (;;) {
    await handler.withRetry(async () => {
      const response = await fetch(`${url}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      await response.text();
      const headers = readsHeaders ? response.headers : undefined;
      if (!response.ok) {
        const { status } = response;
        throw Object.assign(new Error(`HTTP ${status}`), { status, headers });
      }
      return { headers };
    });
    if (answered++ === 0) process.stdout.write('answered');
  }
}

await Promise.all(Array.from({ length: CALLERS }, caller));
