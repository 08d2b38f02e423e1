import { runView } from '../../../application/runs/run-view.ts';
import { cancelTask } from '../../../application/tasks/cancel-task.ts';
import { findTask } from '../../../application/tasks/find-task.ts';
import type { Command } from '../../command.ts';
import { taskLines } from '../../render/task-lines.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingTasks } from '../../use-workspace.ts';
import { withDatabase } from '../shared-options.ts';
import { taskArgument } from '../task-argument.ts';

export function addCancelCommand(tasks: Command, terminal: Terminal): void {
  withDatabase(tasks.command('cancel'))
    .summary('stop a task for good; what it has recorded stays')
    .addArgument(taskArgument())
    .action(async (reference, flags) => {
      await withExistingTasks(flags, async (opened) => {
        const task = await findTask(opened, reference);
        await cancelTask(opened, task);
        terminal.out(`${taskLines(runView(await findTask(opened, task.taskId), Date.now()))}\n`);
      });
    });
}
