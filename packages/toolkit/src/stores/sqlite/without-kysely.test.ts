import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';

const folder = await mkdtemp(join(tmpdir(), 'without-kysely-'));
afterAll(() => rm(folder, { recursive: true }));

it('says which package to install where kysely is not', async () => {
  // A copy outside of this repository, whose node_modules has kysely.
  await cp(join(import.meta.dirname, '../..'), join(folder, 'src'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const script = `import { openSqliteDatabase, openSqliteTaskStore, SqlTaskStore } from './src/sqlite.ts';
    const tries = [openSqliteDatabase(':memory:'), openSqliteTaskStore('tasks.db'), SqlTaskStore.open({})];
    for (const { reason } of await Promise.allSettled(tries)) console.log(reason.code, reason.message);`;
  const options = { cwd: folder };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', script],
    options,
  );
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) expect(line).toMatch(/^STORE_UNAVAILABLE .* kysely.*npm install kysely$/);
});
