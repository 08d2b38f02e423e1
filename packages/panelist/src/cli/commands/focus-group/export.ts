import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import {
  exportTranscript,
  type TranscriptFormat,
} from '../../../analysis/focus-group/export/export-transcript.ts';
import { readGroup, transcriptOf } from '../../../focus-group/group-history.ts';
import { makeOutputFolder } from '../../survey-report.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { type DatabaseFlags, withDatabase } from '../shared-options.ts';

interface ExportFlags extends DatabaseFlags {
  readonly format: TranscriptFormat;
  readonly out: string;
}

export function addExportCommand(focusGroup: Command, terminal: Terminal): void {
  withDatabase(focusGroup.command('export'))
    .summary('write the transcript of a group to a file')
    .argument('<group>')
    .addOption(
      new Option(
        '--format <format>',
        'md is to be read; jsonl and csv have one thing said a line, and all that is known of it',
      )
        .choices(['md', 'jsonl', 'csv'] satisfies TranscriptFormat[])
        .default('md'),
    )
    .requiredOption('--out <file>', 'the file to write')
    .action(async (focusGroupId: string, flags: ExportFlags) => {
      await withExistingWorkspace(flags, async ({ tasks }) => {
        const transcript = await transcriptOf(tasks, await readGroup(tasks, focusGroupId));
        await makeOutputFolder(dirname(flags.out));
        await exportTranscript(flags.out, transcript, flags.format);
        terminal.err(`Wrote the transcript of ${transcript.rounds.length} rounds to ${flags.out}.\n`);
      });
    });
}
