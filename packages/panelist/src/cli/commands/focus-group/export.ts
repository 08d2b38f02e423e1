import { Option } from '@commander-js/extra-typings';
import type { TranscriptFormat } from '../../../analysis/focus-group/export/export-transcript.ts';
import { exportGroup } from '../../../application/focus-groups/transcript-files.ts';
import type { Command } from '../../command.ts';
import { outputFormat } from '../../output-format.ts';
import type { Terminal } from '../../terminal.ts';
import { withExistingWorkspace } from '../../use-workspace.ts';
import { withDatabase, withForce } from '../shared-options.ts';

const formats = ['md', 'jsonl', 'csv'] satisfies TranscriptFormat[];

export function addExportCommand(focusGroup: Command, terminal: Terminal): void {
  withForce(withDatabase(focusGroup.command('export')))
    .summary('write the transcript of a group to a file')
    .argument('<group>')
    .addOption(
      new Option(
        '--format <format>',
        'md is to be read; jsonl and csv have one thing said a line, and all that is known of it (default: by the ending of --out)',
      ).choices(formats),
    )
    .requiredOption('--out <file>', 'the file to write: .md, .jsonl or .csv')
    .action(async (focusGroupId, flags) => {
      const format = outputFormat(flags.out, formats, flags.format);
      await withExistingWorkspace(flags, async (workspace) => {
        const { rounds } = await exportGroup(workspace, focusGroupId, flags.out, format, flags);
        terminal.note(`Wrote the transcript of ${rounds} rounds to ${flags.out}.\n`);
      });
    });
}
