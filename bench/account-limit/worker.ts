/** One worker of `account-limit.ts`: calls until it is killed. `node worker.ts DATABASE SIMULATOR LIMIT` */
import { ErrorHandler, Throttle } from '@panelist/toolkit';
import { openPostgresDatabase } from '@panelist/toolkit/postgres';
import { openSqliteDatabase, SqlSharedAccounts } from '@panelist/toolkit/sqlite';

const CALLERS = 40;

const [location = '', url = '', perMinute = ''] = process.argv.slice(2);
const database = await (location.startsWith('postgres:')
  ? openPostgresDatabase(location)
  : openSqliteDatabase(location));
const accounts = await SqlSharedAccounts.open(database);
const throttle = new Throttle({ requestsPerMinute: Number(perMinute), shared: accounts.account('bench') });
const handler = new ErrorHandler({ throttle });
const body = JSON.stringify({
  model: 'simulator',
  messages: [{ role: 'user', content: 'Do you like soup?' }],
});
let answered = 0;

async function caller(): Promise<never> {
  for (;;) {
    await handler.withRetry(async () => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/chat/completions`, { method: 'POST', headers, body });
      await response.text();
      if (!response.ok)
        throw Object.assign(new Error(`HTTP ${response.status}`), { status: response.status });
    });
    if (answered++ === 0) process.stdout.write('answered');
  }
}

await Promise.all(Array.from({ length: CALLERS }, caller));
