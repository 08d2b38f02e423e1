import { runView } from '../../../application/runs/run-view.ts';
import { findTask } from '../../../application/tasks/find-task.ts';
import type { Command } from '../../command.ts';
import { taskLines } from '../../render/task-lines.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingTasks } from '../../use-workspace.ts';
import { withDatabase } from '../shared-options.ts';
import { taskArgument } from '../task-argument.ts';

export function addShowCommand(tasks: Command, terminal: Terminal): void {
  withDatabase(tasks.command('show'))
    .summary('one task')
    .addArgument(taskArgument())
    .option('--json', 'print as JSON')
    .action(async (reference, flags) => {
      await withExistingTasks(flags, async (opened) => {
        const view = runView(await findTask(opened, reference), Date.now());
        terminal.out(flags.json ? `${JSON.stringify(view, null, 2)}\n` : `${taskLines(view)}\n`);
      });
    });
}
