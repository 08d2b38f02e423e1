import { renderBars } from '../../../analysis/bars.ts';
import { pollGroup } from '../../../application/focus-groups/group-actions.ts';
import { readPoll } from '../../../application/focus-groups/read-poll.ts';
import { prepareGroupFolder, renewGroupFiles } from '../../../application/focus-groups/transcript-files.ts';
import { tabulateSurvey } from '../../../application/surveys/answer-files.ts';
import type { Command } from '../../command.ts';
import { ExitCode } from '../../exit-codes.ts';
import { groupToAsk, runInGroup } from '../../group-run.ts';
import { databaseFlag } from '../../render/database-flag.ts';
import { failedAdvice, renewedText } from '../../render/group-summary.ts';
import { noteWarnings, showSkipped } from '../../survey-input.ts';
import type { Terminal } from '../../terminal.ts';
import { withStoredModels } from '../../use-workspace.ts';
import { participantsAtOnce, withCalls, withSurvey } from '../shared-options.ts';
import { withGroupFiles } from './group-files.ts';

export function addPollCommand(focusGroup: Command, terminal: Terminal): void {
  withSurvey(withGroupFiles(withCalls(focusGroup.command('poll'), participantsAtOnce)))
    .summary('ask each participant alone what nobody else hears')
    .description(
      'Asks every participant of a group the questions of a survey, each alone, knowing what has been said so far. Nobody ' +
        'in the group hears the answers. `panelist results` exports and reports them like those of any survey.',
    )
    .argument('<group>')
    .argument('<survey>', 'a SurveyJS JSON file')
    .option(
      '--locale <locale>',
      "the language of the survey's texts, such as zh-cn (default: the survey's own)",
    )
    .action(async (focusGroupId, path, flags) => {
      const poll = await readPoll(path, flags);
      noteWarnings(poll, terminal);
      showSkipped(poll.questionnaire, terminal);
      return withStoredModels(flags, terminal, async (workspace, checkModel) => {
        const group = await groupToAsk(workspace, focusGroupId, flags, checkModel);
        const questionnaire = poll.inLanguage(group.language);
        const folder = await prepareGroupFolder(workspace, focusGroupId, flags);
        const ended = await runInGroup(workspace, flags, terminal, () =>
          pollGroup(workspace, focusGroupId, questionnaire),
        );
        if (ended.end !== 'finished') return ended.exitCode;
        const turn = ended.value;
        const { taskId, failedCount } = turn.task;
        const tabulation = await tabulateSurvey(workspace.tasks, turn.task);
        if (flags.json) terminal.out(`${JSON.stringify({ taskId, ...tabulation }, null, 2)}\n`);
        else terminal.out(`\n${renderBars(tabulation, questionnaire, { width: terminal.width() })}\n`);
        await renewGroupFiles(workspace, focusGroupId, folder, flags);
        terminal.note(renewedText(folder));
        terminal.err(
          `Each answer: \`panelist results export ${taskId}${databaseFlag(flags.database)} --out answers.csv\`.\n`,
        );
        terminal.err(failedAdvice(failedCount, focusGroupId, flags.database));
        return failedCount > 0 ? ExitCode.SOME_FAILED : ExitCode.OK;
      });
    });
}
