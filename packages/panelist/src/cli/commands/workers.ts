import type { Command } from '../command.ts';
import { workerLines } from '../render/worker-lines.ts';
import type { Terminal } from '../terminal.ts';
import { withExistingTasks } from '../use-workspace.ts';
import { withDatabase } from './shared-options.ts';

export function defineWorkers(command: Command, terminal: Terminal): void {
  withDatabase(command)
    .description(
      'Lists the processes that work on the tasks of a database: workers, servers and commands, with what they do. One that has not ' +
        'been seen for 20 seconds is gone; what it was doing goes to another.',
    )
    .option('--json', 'print as JSON')
    .action(async (flags) => {
      const workers = await withExistingTasks(flags, (opened) => opened.workers());
      if (flags.json === true) terminal.out(`${JSON.stringify(workers, null, 2)}\n`);
      else terminal.out(workers.length === 0 ? 'Nobody is at work.\n' : workers.map(workerLines).join(''));
    });
}
