import { pruneTasks } from '../../../application/tasks/prune-tasks.ts';
import type { Command } from '../../command.ts';
import { age } from '../../read-option.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingTasks } from '../../use-workspace.ts';
import { withDatabase } from '../shared-options.ts';

export function addPruneCommand(tasks: Command, terminal: Terminal): void {
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
