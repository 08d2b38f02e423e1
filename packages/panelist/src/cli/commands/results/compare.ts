import { InvalidArgumentError } from '@commander-js/extra-typings';
import { renderComparison } from '../../../analysis/comparison-text.ts';
import { compareAnswers } from '../../../application/surveys/analyse.ts';
import { findSurveyTask } from '../../../application/tasks/find-task.ts';
import type { Command } from '../../command.ts';
import { wholeNumber } from '../../read-option.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { withDatabase, withLevels } from '../shared-options.ts';
import { taskArgument } from '../task-argument.ts';

export function addCompareCommand(results: Command, terminal: Terminal): void {
  withLevels(withDatabase(results.command('compare')))
    .summary("set synthetic answers beside people's")
    .description(
      "Compares each question's distribution with people's answers: total variation, Kolmogorov–Smirnov, difference of means, χ². Values of the file are matched to options by value or text; those that match nothing are listed.",
    )
    .addArgument(taskArgument())
    .requiredOption('--human <file>', "people's answers: a CSV, one row a person, a column a question")
    .option(
      '--map <question=column...>',
      'the column of a question, where it is not called as the question is',
      readPair,
      new Map<string, string>(),
    )
    .option('--weight <column>', "the column with people's weights")
    .option('--seed <n>', 'of the bootstrap of intervals', wholeNumber(0, 0xffff_ffff), 1)
    .option('--json', 'print the comparison as JSON')
    .action(async (reference, flags) => {
      await withExistingWorkspace(flags, async (workspace) => {
        const task = await findSurveyTask(workspace, reference);
        const { map: columns, weight: weightColumn, seed, nominal, ordinal } = flags;
        const options = { columns, weightColumn, seed, nominal, ordinal };
        const { params, comparison } = await compareAnswers(workspace, task, flags.human, options);
        const { questionnaire, model } = params;
        if (flags.json)
          terminal.out(`${JSON.stringify({ taskId: task.taskId, model, ...comparison }, null, 2)}\n`);
        else terminal.out(renderComparison(comparison, questionnaire, { width: terminal.width() }));
      });
    });
}

/** `question=column`. Names may hold `=`: the first one is meant, which a question's name seldom has. */
function readPair(text: string, known: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const place = text.indexOf('=');
  const question = text.slice(0, place).trim();
  const column = text.slice(place + 1).trim();
  if (place > 0 && question !== '' && column !== '') return new Map([...known, [question, column]]);
  throw new InvalidArgumentError('Expected question=column.');
}
