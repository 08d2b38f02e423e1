import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { withRun } from '../shared-options.ts';
import { taskArgument } from '../task-argument.ts';

export function addResumeCommand(tasks: Command, terminal: Terminal): void {
  withRun(tasks.command('resume'))
    .summary('go on with a task that is paused or was interrupted')
    .addArgument(taskArgument())
    .action(async (reference, flags) => {
      // Imported here: it loads surveys and exports, which a list of tasks does not need.
      const { resumeTask } = await import('../../resume-task.ts');
      return resumeTask(reference, flags, terminal);
    });
}
