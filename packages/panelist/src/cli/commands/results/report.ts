import { dirname } from 'node:path';
import { makeOutputFolder } from '../../../application/output-folder.ts';
import { compareAnswers } from '../../../application/surveys/analyse.ts';
import { interviewCounts, reportSurvey } from '../../../application/surveys/answer-files.ts';
import { findSurveyTask } from '../../../application/tasks/find-task.ts';
import type { Command } from '../../command.ts';
import { outputFormat } from '../../output-format.ts';
import { eachOf } from '../../read-option.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { GROUPING, withDatabase, withForce, withHumanColumns, withLevels } from '../shared-options.ts';
import { taskArgument } from '../task-argument.ts';

export function addReportCommand(results: Command, terminal: Terminal): void {
  withHumanColumns(withForce(withLevels(withDatabase(results.command('report')))))
    .summary('write a report with charts: one HTML page that needs nothing else')
    .description(
      'Writes one HTML page with each question’s distribution, its intervals (model sampling error only), order effects, ' +
        'consistency and methods. It loads nothing and runs nothing, and can be printed.',
    )
    .addArgument(taskArgument())
    .option('--by <column>', GROUPING, eachOf)
    .option(
      '--human <file>',
      "also a comparison with people's answers: a CSV, one row a person, a column a question",
    )
    .requiredOption('--out <file>', 'the file to write, such as report.html')
    .action(async (reference, flags) => {
      outputFormat(flags.out, ['html']);
      await withExistingWorkspace(flags, async (workspace) => {
        const task = await findSurveyTask(workspace, reference);
        const { human, map: columns, weight: weightColumn, id: idColumn, nominal, ordinal } = flags;
        const options = { columns, weightColumn, idColumn, nominal, ordinal };
        const compared =
          human === undefined ? undefined : await compareAnswers(workspace, task, human, options);
        await makeOutputFolder(dirname(flags.out));
        await reportSurvey(workspace, task, flags.out, { ...flags, compared });
        terminal.note(`Wrote the report on ${interviewCounts(task)} to ${flags.out}.\n`);
      });
    });
}
