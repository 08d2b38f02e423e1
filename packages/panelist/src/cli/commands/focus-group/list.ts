import { listGroups, readGroup } from '../../../focus-group/group-history.ts';
import { ROUND_JOB } from '../../../focus-group/group-turn.ts';
import { terminalSafe } from '../../../text/terminal-safe.ts';
import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { type DatabaseFlags, withDatabase } from '../shared-options.ts';

export function addListCommand(focusGroup: Command, terminal: Terminal): void {
  withDatabase(focusGroup.command('list'))
    .summary('the groups of a database, the newest first')
    .option('--json', 'print as JSON')
    .action(async (flags: DatabaseFlags & { json?: boolean }) => {
      await withExistingWorkspace(flags, async ({ tasks }) => {
        const views = [];
        for (const { focusGroupId, title, participants, model } of await listGroups(tasks)) {
          const rounds = (await readGroup(tasks, focusGroupId)).turns
            .map(({ task }) => task)
            .filter(({ job }) => job === ROUND_JOB);
          const sum = (count: 'successCount' | 'failedCount'): number =>
            rounds.reduce((total, task) => total + task[count], 0);
          const isOver = rounds.every(({ finishedAt }) => finishedAt !== null);
          const counts = {
            rounds: rounds.length,
            replies: sum('successCount'),
            failed: sum('failedCount'),
            isOver,
          };
          views.push({ group: focusGroupId, title, model, participants: participants.length, ...counts });
        }
        if (flags.json) return terminal.out(`${JSON.stringify(views, null, 2)}\n`);
        const lines = views.map(
          ({ group, title, model, participants, rounds, replies, failed, isOver }) =>
            `${group}  ${terminalSafe(title)}\n  ${participants} participants played by ${terminalSafe(model)}; ${rounds} rounds, ${replies} replies, ${failed} failed${isOver ? '' : '; a round is not over'}\n`,
        );
        terminal.out(lines.length === 0 ? 'No focus groups.\n' : lines.join(''));
      });
    });
}
