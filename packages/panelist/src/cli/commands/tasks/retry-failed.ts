import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { withRun } from '../shared-options.ts';
import { taskArgument } from '../task-argument.ts';

export function addRetryFailedCommand(tasks: Command, terminal: Terminal): void {
  withRun(tasks.command('retry-failed'))
    .summary('ask those respondents again whose interview failed, or participants whose reply did')
    .addArgument(taskArgument())
    .action(async (reference, flags) => {
      const { retryFailed } = await import('../../resume-task.ts');
      return retryFailed(reference, flags, terminal);
    });
}
