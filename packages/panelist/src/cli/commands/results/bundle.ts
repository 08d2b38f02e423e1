import { writeBundle } from '../../../application/results/bundle/write-bundle.ts';
import { interviewCounts } from '../../../application/surveys/answer-files.ts';
import { findSurveyTask } from '../../../application/tasks/find-task.ts';
import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { withDatabase, withForce } from '../shared-options.ts';
import { taskArgument } from '../task-argument.ts';

export function addBundleCommand(results: Command, terminal: Terminal): void {
  withForce(withDatabase(results.command('bundle')))
    .summary('write the whole run as a folder that a browser opens without a server')
    .description(
      'Writes a folder with the figures, every answer and why it is what it is, the report and the methods sheet. Open its ' +
        'index.html, or put the folder on any web server.',
    )
    .addArgument(taskArgument())
    .requiredOption('--out <folder>', 'the folder to write into')
    .option('--no-prompts', 'without prompts and whole replies, which are most of its size')
    .action(async (reference, flags) => {
      await withExistingWorkspace(flags, async (workspace) => {
        const task = await findSurveyTask(workspace, reference);
        const { out, prompts, force } = flags;
        const files = await writeBundle(workspace, task, out, { prompts, force });
        terminal.note(`Wrote ${interviewCounts(task)} to ${out}: ${files} files. Open index.html.\n`);
      });
    });
}
