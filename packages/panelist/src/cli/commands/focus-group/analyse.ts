import { analysisText } from '../../../analysis/focus-group/analysis-text.ts';
import { analyseTranscript } from '../../../application/focus-groups/analyse.ts';
import type { Command } from '../../command.ts';
import { themesFound } from '../../group-themes.ts';
import type { Terminal } from '../../terminal.ts';
import { withStoredModels } from '../../use-workspace.ts';
import { participantsAtOnce, withCalls } from '../shared-options.ts';
import { withThemes } from './theme-options.ts';

export function addAnalyseCommand(focusGroup: Command, terminal: Terminal): void {
  withThemes(withCalls(focusGroup.command('analyse'), participantsAtOnce))
    .summary('who spoke how much, what changed, what was spoken of')
    .description(
      'Who spoke how much, how long replies are beside people’s, what changed between the private polls, how alike ' +
        'the participants sound, and themes with quotations. Without --themes model none of it makes a call.',
    )
    .argument('<group>')
    .action(async (focusGroupId, flags) => {
      return withStoredModels(flags, terminal, async (workspace, checkModel) => {
        const { found, exitCode } = await themesFound(workspace, focusGroupId, flags, terminal, checkModel);
        const { analysis } = await analyseTranscript(workspace, focusGroupId, found);
        const width = terminal.width();
        terminal.out(flags.json ? `${JSON.stringify(analysis, null, 2)}\n` : analysisText(analysis, width));
        return exitCode;
      });
    });
}
