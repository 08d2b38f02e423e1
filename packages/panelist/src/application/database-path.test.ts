import { describe, expect, it } from 'vitest';
import { runInProcess } from '../cli/testing/run-in-process.ts';
import { openWorkspace } from './open-workspace.ts';

const addresses = [
  // Of a PostgreSQL that does not exist.
  'postgres://u:pass-word@host.invalid/db',
  'postgresql+asyncpg://u:pass-word@host/db',
  'postgres:u:pass-word@host',
  'host=x password=pass-word',
];

describe('the address of a database server', () => {
  it.each(addresses)('is rejected by commands without printing its password: %s', async (database) => {
    for (const command of [
      ['tasks'],
      ['tasks', '--json'],
      ['results', 'summary', 'last'],
      ['focus-group', 'list'],
    ]) {
      const { exitCode, out, err } = await runInProcess([...command, '--database', database]);
      expect(exitCode).not.toBe(0);
      expect(out + err).toContain('host');
      expect(out + err).not.toContain('pass-word');
    }
  });

  it.each(addresses.slice(1))('is rejected by commands that create a database: %s', async (database) => {
    const error = await openWorkspace({ database }).catch((caught: unknown) => caught as Error);
    expect(error).toMatchObject({ code: 'USAGE', message: expect.not.stringContaining('pass-word') });
  });

  it('of PostgreSQL that cannot be reached is named without its password', async () => {
    const error = await openWorkspace({ database: addresses[0]! }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/^The database "host\.invalid\/db" cannot be reached/),
    });
    expect(String((error as Error).stack)).not.toContain('pass-word');
  });
});
