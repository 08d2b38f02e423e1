import { dirname } from 'node:path';
import { renderCalibration } from '../../../analysis/calibration/calibration-text.ts';
import { renderComparison } from '../../../analysis/comparison-text.ts';
import { makeOutputFolder } from '../../../application/output-folder.ts';
import { compareAnswers, writeComparison } from '../../../application/surveys/analyse.ts';
import { findSurveyTask } from '../../../application/tasks/find-task.ts';
import { messagesFor } from '../../../languages/messages.ts';
import type { Command } from '../../command.ts';
import { outputFormat } from '../../output-format.ts';
import { names, wholeNumber } from '../../read-option.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { withDatabase, withForce, withHumanColumns, withLevels } from '../shared-options.ts';
import { taskArgument } from '../task-argument.ts';

export function addCompareCommand(results: Command, terminal: Terminal): void {
  withHumanColumns(withForce(withLevels(withDatabase(results.command('compare')))))
    .summary("set synthetic answers beside people's")
    .description(
      "Compares each question's distribution with people's answers: total variation, Kolmogorov–Smirnov, difference of means, χ². Values of the file are matched to options by value or text; those that match nothing are listed. A calibration block says how far to trust the answers; with --id, people's estimates are also corrected by them (prediction-powered inference).",
    )
    .addArgument(taskArgument())
    .requiredOption('--human <file>', "people's answers: a CSV, one row a person, a column a question")
    .option(
      '--by <columns>',
      'errors in groups: columns of personas or of the file, separated by commas',
      names,
    )
    .option('--retest <file>', 'the same people asked again: how far they agree with themselves (needs --id)')
    .option(
      '--seed <n>',
      'of the bootstrap of intervals, and of the split into halves',
      wholeNumber(0, 0xffff_ffff),
      1,
    )
    .option(
      '--out <file>',
      'also write it to a file: .csv has a row for each share, mean and test, .json everything, .html is a page',
    )
    .option('--json', 'print the comparison as JSON')
    .action(async (reference, flags) => {
      const format = flags.out === undefined ? null : outputFormat(flags.out, ['csv', 'json', 'html']);
      await withExistingWorkspace(flags, async (workspace) => {
        const task = await findSurveyTask(workspace, reference);
        const {
          map: columns,
          weight: weightColumn,
          id: idColumn,
          by: groupColumns,
          retest,
          seed,
          nominal,
          ordinal,
        } = flags;
        const options = {
          columns,
          weightColumn,
          idColumn,
          groupColumns,
          retest,
          seed,
          nominal,
          ordinal,
        };
        const compared = await compareAnswers(workspace, task, flags.human, options);
        const { params, comparison, calibration } = compared;
        const { questionnaire, model } = params;
        if (flags.json)
          terminal.out(
            `${JSON.stringify({ taskId: task.taskId, model, ...comparison, calibration }, null, 2)}\n`,
          );
        else {
          const width = { width: terminal.width() };
          terminal.out(renderComparison(comparison, questionnaire, width));
          terminal.out(`\n${renderCalibration(calibration, questionnaire, width)}`);
        }
        const open = task.totalCount - task.completedCount;
        if (open > 0)
          terminal.err(`${messagesFor(questionnaire.locale).summary.open(open, task.totalCount)}\n`);
        if (flags.out !== undefined && format !== null) {
          await makeOutputFolder(dirname(flags.out));
          await writeComparison(workspace, task, compared, flags.out, { format, force: flags.force });
          terminal.note(`Wrote the comparison to ${flags.out}.\n`);
        }
      });
    });
}
