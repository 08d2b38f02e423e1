import { groupViews } from '../../../application/focus-groups/read-groups.ts';
import { terminalSafe } from '../../../text/terminal-safe.ts';
import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { withDatabase } from '../shared-options.ts';

export function addListCommand(focusGroup: Command, terminal: Terminal): void {
  withDatabase(focusGroup.command('list'))
    .summary('the groups of a database, the newest first')
    .option('--json', 'print as JSON')
    .action(async (flags) => {
      await withExistingWorkspace(flags, async ({ tasks }) => {
        const views = await groupViews(tasks);
        if (flags.json) return terminal.out(`${JSON.stringify(views, null, 2)}\n`);
        const lines = views.map(
          ({ group, title, model, participants, rounds, replies, failed, isOver }) =>
            `${group}  ${terminalSafe(title)}\n  ${participants} participants played by ${terminalSafe(model)}; ${rounds} rounds, ${replies} replies, ${failed} failed${isOver ? '' : '; a round is not over'}\n`,
        );
        terminal.out(lines.length === 0 ? 'No focus groups.\n' : lines.join(''));
      });
    });
}
