import { Option } from '@commander-js/extra-typings';
import { TaskStatus } from '@panelist/toolkit';
import { listRuns } from '../../../application/tasks/list-runs.ts';
import type { Command } from '../../command.ts';
import { wholeNumber } from '../../read-option.ts';
import { taskLines } from '../../render/task-lines.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingTasks } from '../../use-workspace.ts';
import { withDatabase } from '../shared-options.ts';

export function addListCommand(tasks: Command, terminal: Terminal): void {
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
}
