import { Option } from '@commander-js/extra-typings';
import { participantIds } from '../../../application/focus-groups/addressees.ts';
import { sayInGroup } from '../../../application/focus-groups/group-actions.ts';
import { prepareGroupFolder, renewGroupFiles } from '../../../application/focus-groups/transcript-files.ts';
import type { RoundMode } from '../../../focus-group/guide/guide.ts';
import type { Command } from '../../command.ts';
import { ExitCode } from '../../exit-codes.ts';
import { groupToAsk, runInGroup } from '../../group-run.ts';
import { wholeNumber } from '../../read-option.ts';
import { failedAdvice, renewedText } from '../../render/group-summary.ts';
import type { Terminal } from '../../terminal.ts';
import { withStoredModels } from '../../use-workspace.ts';
import { participantsAtOnce, withCalls } from '../shared-options.ts';
import { withGroupFiles } from './group-files.ts';

export function addSayCommand(focusGroup: Command, terminal: Terminal): void {
  withGroupFiles(withCalls(focusGroup.command('say'), participantsAtOnce))
    .summary('say something to a group: a live round')
    .description(
      'Says something to a group and shows the replies as they come. The same message sent again while its round runs ' +
        'joins that round; afterwards it is said again. Transcript and report are renewed, as by `run`.',
    )
    .argument('<group>')
    .argument('<message>')
    .option('--to <participants...>', 'who is to reply, by name, unique first name or id (default: everyone)')
    .option('--stimulus <text>', 'a text that is shown with it')
    .addOption(
      new Option('--mode <mode>', 'whether each hears those before')
        .choices(['simultaneous', 'in-turn'] satisfies RoundMode[])
        .default('simultaneous'),
    )
    .option(
      '--reply-words <n>',
      "how long replies are asked to be (default: the group's)",
      wholeNumber(5, 500),
    )
    .action(async (focusGroupId, message, flags) => {
      return withStoredModels(flags, terminal, async (workspace, checkModel) => {
        const group = await groupToAsk(workspace, focusGroupId, flags, checkModel);
        const folder = await prepareGroupFolder(workspace, focusGroupId, flags);
        const to = flags.to && participantIds(group, flags.to);
        const { stimulus, mode, replyWords } = flags;
        const ended = await runInGroup(workspace, flags, terminal, () =>
          sayInGroup(workspace, focusGroupId, message, { to, stimulus, mode, replyWords }),
        );
        if (ended.end !== 'finished') return ended.exitCode;
        const task = ended.value;
        if (flags.json) terminal.out(`${JSON.stringify(task, null, 2)}\n`);
        await renewGroupFiles(workspace, focusGroupId, folder, flags);
        terminal.note(renewedText(folder));
        terminal.err(failedAdvice(task.failedCount, focusGroupId, flags.database));
        return task.failedCount > 0 ? ExitCode.SOME_FAILED : ExitCode.OK;
      });
    });
}
