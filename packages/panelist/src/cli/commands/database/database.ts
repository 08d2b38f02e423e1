import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { addCopyCommand } from './copy.ts';

export function defineDatabase(database: Command, terminal: Terminal): void {
  database.description(
    'Looks after a database: a SQLite file, or a PostgreSQL database at postgres://user@host/name. ' +
      'A password is best given in PGPASSWORD or in a file that PGPASSFILE names: other users of the machine see a command line.',
  );
  addCopyCommand(database, terminal);
}
