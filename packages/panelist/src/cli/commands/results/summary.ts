import { renderSummary } from '../../../analysis/summary-text.ts';
import { summariseAnswers } from '../../../application/surveys/analyse.ts';
import { findSurveyTask } from '../../../application/tasks/find-task.ts';
import { messagesFor } from '../../../languages/messages.ts';
import type { Command } from '../../command.ts';
import { eachOf } from '../../read-option.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { GROUPING, withDatabase, withLevels } from '../shared-options.ts';
import { taskArgument } from '../task-argument.ts';

export function addSummaryCommand(results: Command, terminal: Terminal): void {
  withLevels(withDatabase(results.command('summary')))
    .summary('distributions, means, cross-tables, order effects, consistency')
    .description(
      'Shows the distribution of every answer with intervals (model sampling error only), whether what is shown first or last is chosen too often, and how alike the replicates of a respondent are. Weights are used; the respondent is the unit.',
    )
    .addArgument(taskArgument())
    .option('--by <column>', GROUPING, eachOf)
    .option('--json', 'print the summary as JSON')
    .action(async (reference, flags) => {
      await withExistingWorkspace(flags, async (workspace) => {
        const task = await findSurveyTask(workspace, reference);
        const { params, summary } = await summariseAnswers(workspace, task, flags);
        const { questionnaire, model } = params;
        if (flags.json)
          terminal.out(`${JSON.stringify({ taskId: task.taskId, model, ...summary }, null, 2)}\n`);
        else {
          const layout = { width: terminal.width(), colour: terminal.colours('out') };
          terminal.paint('out', renderSummary(summary, questionnaire, layout));
        }
        const open = task.totalCount - task.completedCount;
        if (open > 0)
          terminal.err(`${messagesFor(questionnaire.locale).summary.open(open, task.totalCount)}\n`);
      });
    });
}
