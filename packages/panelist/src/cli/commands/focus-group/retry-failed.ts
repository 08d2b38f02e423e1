import { retryFailedInGroup } from '../../../application/focus-groups/group-actions.ts';
import { failedInGroup } from '../../../application/focus-groups/read-groups.ts';
import { prepareGroupFolder, renewGroupFiles } from '../../../application/focus-groups/transcript-files.ts';
import type { Command } from '../../command.ts';
import { ExitCode } from '../../exit-codes.ts';
import { groupToAsk, runInGroup } from '../../group-run.ts';
import { failedAdvice, renewedText } from '../../render/group-summary.ts';
import type { Terminal } from '../../terminal.ts';
import { withStoredModels } from '../../use-workspace.ts';
import { participantsAtOnce, withCalls } from '../shared-options.ts';
import { withGroupFiles } from './group-files.ts';

export function addRetryFailedCommand(focusGroup: Command, terminal: Terminal): void {
  withGroupFiles(withCalls(focusGroup.command('retry-failed'), participantsAtOnce))
    .summary('ask again for the replies that failed')
    .description(
      'Asks again for every reply of a group that failed, each with what was known then. ' +
        'Transcript and report are renewed, as by `run`.',
    )
    .argument('<group>')
    .action(async (focusGroupId, flags) => {
      return withStoredModels(flags, terminal, async (workspace, checkModel) => {
        const { tasks } = workspace;
        await groupToAsk(workspace, focusGroupId, flags, checkModel);
        const folder = await prepareGroupFolder(workspace, focusGroupId, flags);
        const ended = await runInGroup(workspace, flags, terminal, () =>
          retryFailedInGroup(workspace, focusGroupId),
        );
        if (ended.end !== 'finished') return ended.exitCode;
        const asked = ended.value;
        const failed = await failedInGroup(tasks, focusGroupId);
        if (flags.json) terminal.out(`${JSON.stringify({ asked, failed }, null, 2)}\n`);
        terminal.err(asked === 0 ? 'No reply is missing.\n' : `Asked again for ${asked}.\n`);
        if (asked > 0) {
          await renewGroupFiles(workspace, focusGroupId, folder, flags);
          terminal.note(renewedText(folder));
        }
        terminal.err(failedAdvice(failed, focusGroupId, flags.database));
        return failed > 0 ? ExitCode.SOME_FAILED : ExitCode.OK;
      });
    });
}
