import { DEFAULT_OUTPUT_FOLDER } from '../../../application/defaults.ts';
import type { Command } from '../../command.ts';
import { outputFolder } from '../../output-format.ts';
import { type ForceFlags, withForce } from '../shared-options.ts';

export interface GroupFilesFlags extends ForceFlags {
  readonly out?: string;
  /** Of the config: what holds a folder for each group. */
  readonly outRoot?: string;
}

/** What every command has that says or asks something in a group: it renews the group's files. */
export function withGroupFiles(command: Command): Command {
  return withForce(
    command.option(
      '--out <dir>',
      `the folder for transcript and report (default: ${DEFAULT_OUTPUT_FOLDER}/fg_<group>)`,
      outputFolder,
    ),
  );
}
