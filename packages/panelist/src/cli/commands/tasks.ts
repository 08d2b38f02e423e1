import { Option } from '@commander-js/extra-typings';
import { TaskStatus } from '@panelist/toolkit';
import { runView } from '../../application/runs/run-view.ts';
import { cancelTask } from '../../application/tasks/cancel-task.ts';
import { findTask } from '../../application/tasks/find-task.ts';
import { listRuns } from '../../application/tasks/list-runs.ts';
import { pruneTasks } from '../../application/tasks/prune-tasks.ts';
import type { Command } from '../command.ts';
import { age, wholeNumber } from '../read-option.ts';
import { limitLines, taskLines } from '../render/task-lines.ts';
import type { Terminal } from '../terminal.ts';
import { withExistingTasks, withExistingWorkspace } from '../use-workspace.ts';
import { interviewsAtOnce, limitsIn, withDatabase, withLimits, withRun } from './shared-options.ts';
import { taskArgument } from './task-argument.ts';

export function defineTasks(tasks: Command, terminal: Terminal): void {
  tasks.description('Lists tasks, and works with one of them. Without a command it lists them.');
  withDatabase(tasks.command('list', { isDefault: true }))
    .summary('the tasks of a database, the newest first')
    .option('--limit <n>', 'how many', wholeNumber(1, 10_000), 20)
    .addOption(new Option('--status <status>', 'only tasks in this state').choices(Object.values(TaskStatus)))
    .option('--json', 'print as JSON')
    .action(async (flags) => {
      await withExistingTasks(flags, async ({ tasks }) => {
        const statuses = flags.status && [flags.status];
        const { runs: views } = await listRuns(tasks, { limit: flags.limit, statuses }, Date.now());
        if (flags.json) terminal.out(`${JSON.stringify(views, null, 2)}\n`);
        else terminal.out(views.length === 0 ? 'No tasks.\n' : `${views.map(taskLines).join('\n')}\n`);
      });
    });

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
      const { changeLimits } = await import('../../application/runs/change-limits.ts');
      await withExistingWorkspace(flags, async (workspace) => {
        const task = await findTask(workspace, reference);
        await changeLimits(workspace, task, limitsIn(flags));
        const { taskId, limits } = runView(await findTask(workspace, task.taskId), Date.now());
        terminal.out(flags.json ? `${JSON.stringify({ taskId, limits }, null, 2)}\n` : limitLines(limits));
      });
    });

  withRun(tasks.command('resume'))
    .summary('go on with a task that is paused or was interrupted')
    .addArgument(taskArgument())
    .action(async (reference, flags) => {
      // Imported here: it loads surveys and exports, which a list of tasks does not need.
      const { resumeTask } = await import('../resume-task.ts');
      return resumeTask(reference, flags, terminal);
    });

  withRun(tasks.command('retry-failed'))
    .summary('ask those respondents again whose interview failed, or participants whose reply did')
    .addArgument(taskArgument())
    .action(async (reference, flags) => {
      const { retryFailed } = await import('../resume-task.ts');
      return retryFailed(reference, flags, terminal);
    });

  withDatabase(tasks.command('prune'))
    .summary('delete tasks that finished long ago, with their results')
    .description(
      'Deletes tasks that finished long ago, with their results; never one that is not finished. A focus group goes as a whole. Stored replies are kept, since other runs may reuse them, and so are written files.',
    )
    .requiredOption('--older-than <age>', 'how long ago they finished, as 36h, 90d or 12w', age)
    .option('--dry-run', 'count them, and delete nothing')
    .option('--json', 'print as JSON')
    .action(async (flags) => {
      await withExistingTasks(flags, async ({ tasks }) => {
        const { olderThan: olderThanMs, dryRun = false } = flags;
        const pruned = await pruneTasks(tasks, { olderThanMs, dryRun });
        const finishedBefore = new Date(pruned.finishedBefore).toISOString();
        if (flags.json) {
          terminal.out(`${JSON.stringify({ tasks: pruned.tasks, finishedBefore, dryRun }, null, 2)}\n`);
          return;
        }
        const count = pruned.tasks === 1 ? '1 task' : `${pruned.tasks} tasks`;
        const what = dryRun ? `Would delete ${count}` : `Deleted ${count}`;
        terminal.out(`${what} that finished before ${finishedBefore}.\n`);
      });
    });
}
