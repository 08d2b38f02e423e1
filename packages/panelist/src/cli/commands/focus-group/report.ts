import { dirname } from 'node:path';
import { openedGroup } from '../../../application/focus-groups/read-groups.ts';
import { reportGroup } from '../../../application/focus-groups/transcript-files.ts';
import { makeOutputFolder } from '../../../application/output-folder.ts';
import type { Command } from '../../command.ts';
import { themesFound } from '../../group-themes.ts';
import { outputFormat } from '../../output-format.ts';
import type { Terminal } from '../../terminal.ts';
import { withStoredModels } from '../../use-workspace.ts';
import { participantsAtOnce, withCalls, withForce } from '../shared-options.ts';
import { withThemes } from './theme-options.ts';

export function addReportCommand(focusGroup: Command, terminal: Terminal): void {
  withForce(withThemes(withCalls(focusGroup.command('report'), participantsAtOnce)))
    .summary('write the talk and its analysis: one HTML page that needs nothing else')
    .description(
      'Writes one HTML page with what was said and what `analyse` tells, in the language that was spoken (English or ' +
        'Chinese). It loads nothing and runs nothing, and can be printed.',
    )
    .argument('<group>')
    .requiredOption('--out <file>', 'the file to write, such as report.html')
    .action(async (focusGroupId, flags) => {
      outputFormat(flags.out, ['html']);
      return withStoredModels(flags, terminal, async (workspace, checkModel) => {
        await openedGroup(workspace.tasks, focusGroupId);
        await makeOutputFolder(dirname(flags.out));
        await workspace.files.check([flags.out], flags);
        const { found, exitCode } = await themesFound(workspace, focusGroupId, flags, terminal, checkModel);
        const { rounds } = await reportGroup(workspace, focusGroupId, flags.out, found, flags);
        terminal.note(`Wrote the report on ${rounds} rounds to ${flags.out}.\n`);
        return exitCode;
      });
    });
}
