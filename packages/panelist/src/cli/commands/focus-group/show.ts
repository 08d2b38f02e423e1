import { transcriptLines } from '../../../analysis/focus-group/export/transcript-lines.ts';
import { groupTranscript, groupTurns } from '../../../application/focus-groups/read-groups.ts';
import { terminalSafe } from '../../../text/terminal-safe.ts';
import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { withDatabase } from '../shared-options.ts';

export function addShowCommand(focusGroup: Command, terminal: Terminal): void {
  withDatabase(focusGroup.command('show'))
    .summary('what was said in a group so far')
    .argument('<group>')
    .option('--turns', 'its turns and their tasks instead: polls, rounds, summaries')
    .option('--json', 'print as JSON')
    .action(async (focusGroupId, flags) => {
      await withExistingWorkspace(flags, async ({ tasks }) => {
        if (flags.turns) {
          const turns = await groupTurns(tasks, focusGroupId, Date.now());
          const lines = turns.map(
            ({ step, taskId, status, successCount, totalCount, failedCount }) =>
              `${terminalSafe(step)}: ${status}, ${successCount} of ${totalCount} done, ${failedCount} failed (${taskId})\n`,
          );
          return terminal.out(flags.json ? `${JSON.stringify(turns, null, 2)}\n` : lines.join(''));
        }
        const transcript = await groupTranscript(tasks, focusGroupId);
        terminal.out(flags.json ? `${JSON.stringify(transcript, null, 2)}\n` : transcriptLines(transcript));
      });
    });
}
