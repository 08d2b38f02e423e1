import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { addCheckCommand } from './check.ts';
import { addCopyCommand } from './copy.ts';
import { addMigrateCommand } from './migrate.ts';

export function defineDatabase(database: Command, terminal: Terminal): void {
  database.description(
    'Looks after a database: a SQLite file, or a PostgreSQL database at postgres://user@host/name. ' +
      'A password is best given in PGPASSWORD or in a file that PGPASSFILE names: other users of the machine see a command line.',
  );
  addCheckCommand(database, terminal);
  addMigrateCommand(database, terminal);
  addCopyCommand(database, terminal);
}
