import { dirname } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import type { ExportFormat, ExportShape } from '../../../analysis/export/export-table.ts';
import { makeOutputFolder } from '../../../application/output-folder.ts';
import { exportSurvey, interviewCounts } from '../../../application/surveys/answer-files.ts';
import { findSurveyTask } from '../../../application/tasks/find-task.ts';
import type { Command } from '../../command.ts';
import { outputFormat } from '../../output-format.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { withDatabase, withForce } from '../shared-options.ts';
import { taskArgument } from '../task-argument.ts';

const formats = ['csv', 'jsonl', 'parquet'] satisfies ExportFormat[];

export function addExportCommand(results: Command, terminal: Terminal): void {
  withForce(withDatabase(results.command('export')))
    .summary('write the answers of a survey task to a file, with a codebook and a methods sheet')
    .description(
      'Writes the answers of a survey task to one file, and beside answers.csv also answers.codebook.csv, which says ' +
        'what each column is, and answers.methods.md, which says how the answers came to be.',
    )
    .addArgument(taskArgument())
    .addOption(
      new Option(
        '--format <format>',
        'csv opens in spreadsheets; parquet has typed columns (default: by the ending of --out)',
      ).choices(formats),
    )
    .addOption(
      new Option(
        '--shape <shape>',
        'wide: a row an interview; long: a row an answer, with all that is known of it; calls: a row a request, with times',
      )
        .choices(['wide', 'long', 'calls'] satisfies ExportShape[])
        .default('wide'),
    )
    .option(
      '--indicators',
      'wide: multiple choices also as a 0/1 column an option, question[value], as statistics packages want them',
    )
    .requiredOption('--out <file>', 'the file to write: .csv, .jsonl or .parquet')
    .action(async (reference, flags) => {
      const format = outputFormat(flags.out, formats, flags.format);
      await withExistingWorkspace(flags, async (workspace) => {
        const task = await findSurveyTask(workspace, reference);
        await makeOutputFolder(dirname(flags.out));
        const [file, ...documentation] = await exportSurvey(workspace, task, flags.out, {
          ...flags,
          format,
        });
        const lines = [
          `Wrote ${interviewCounts(task)} to ${file}.`,
          ...documentation.map((path) => `  ${path}`),
        ];
        terminal.note(`${lines.join('\n')}\n`);
      });
    });
}
