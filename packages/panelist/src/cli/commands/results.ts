import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import { type ExportFormat, exportSurvey, makeOutputFolder } from '../survey-report.ts';
import type { Terminal } from '../terminal.ts';
import { existingTask, withExistingWorkspace } from '../use-workspace.ts';
import { type DatabaseFlags, withDatabase } from './shared-options.ts';

export function addResultsCommand(program: Command, terminal: Terminal): void {
  const results = program
    .command('results')
    .summary('export answers')
    .description('Works with recorded answers.');
  withDatabase(results.command('export'))
    .summary('write the answers of a survey task to a file')
    .argument('<task-id>')
    .addOption(
      new Option(
        '--format <format>',
        'csv: a row a respondent; jsonl: everything that is known of each answer',
      )
        .choices(['csv', 'jsonl'])
        .default('csv'),
    )
    .requiredOption('--out <file>', 'the file to write')
    .action(async (taskId: string, flags: DatabaseFlags & { format: ExportFormat; out: string }) => {
      await withExistingWorkspace(flags, async (workspace) => {
        const task = await existingTask(workspace, taskId);
        await makeOutputFolder(dirname(flags.out));
        await exportSurvey(workspace.tasks, task, flags.format, flags.out);
        const open = task.totalCount - task.completedCount;
        terminal.err(
          `Wrote ${task.completedCount} of ${task.totalCount} respondents to ${flags.out}.` +
            `${open > 0 ? ` ${open} have not been interviewed and are not in it.` : ''}\n`,
        );
      });
    });
}
