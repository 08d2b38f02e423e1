import { runView } from '../../../application/runs/run-view.ts';
import { findTask } from '../../../application/tasks/find-task.ts';
import type { Command } from '../../command.ts';
import { limitLines } from '../../render/task-lines.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { interviewsAtOnce, limitsIn, withDatabase, withLimits } from '../shared-options.ts';
import { taskArgument } from '../task-argument.ts';

export function addLimitsCommand(tasks: Command, terminal: Terminal): void {
  withLimits(withDatabase(tasks.command('limits')), { ...interviewsAtOnce, n: 'unchanged' })
    .summary('show the limits of a run, or change them, while it runs too')
    .description(
      'Shows the limits that are recorded with a run, or changes those that are given; `none` removes a limit. A run follows within some seconds, whichever process runs it. A run that was paused for a limit goes on with `tasks resume`. The limits of a turn are those of its whole focus group.',
    )
    .option('--prices <file>', 'prices that come before the built-in ones')
    .option('--json', 'print as JSON')
    .addArgument(taskArgument())
    .action(async (reference, flags) => {
      // Imported here: it loads focus groups, which a list of tasks does not need.
      const { changeLimits } = await import('../../../application/runs/change-limits.ts');
      await withExistingWorkspace(flags, async (workspace) => {
        const task = await findTask(workspace, reference);
        await changeLimits(workspace, task, limitsIn(flags));
        const { taskId, limits } = runView(await findTask(workspace, task.taskId), Date.now());
        terminal.out(flags.json ? `${JSON.stringify({ taskId, limits }, null, 2)}\n` : limitLines(limits));
      });
    });
}
