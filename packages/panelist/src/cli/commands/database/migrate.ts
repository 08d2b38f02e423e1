import { migrateDatabase } from '../../../application/database/migrate-database.ts';
import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { withDatabase } from '../shared-options.ts';

export function addMigrateCommand(database: Command, terminal: Terminal): void {
  withDatabase(database.command('migrate'))
    .summary('create the tables of a database, or bring them up to date')
    .description(
      'Creates the tables of a database, or brings them up to date. A SQLite file is brought up to date by every command; a ' +
        'PostgreSQL database only by this one, since programs of an earlier version may be at work. Changes with which those could ' +
        'not go on are refused until they have ended.',
    )
    .option('--force', 'make those changes all the same: processes of the earlier version end by themselves')
    .option('--json', 'print the result as JSON')
    .action(async (flags) => {
      const components = await migrateDatabase({ database: flags.database, force: flags.force });
      if (flags.json) terminal.out(`${JSON.stringify({ components }, null, 2)}\n`);
      else
        terminal.out(
          `Up to date: ${components.map(({ component, version }) => `${component} ${version}`).join(', ')}.\n`,
        );
    });
}
