import type { OptionValues } from '@commander-js/extra-typings';
import { DEFAULT_OUTPUT_FOLDER } from '../../../application/defaults.ts';
import type { Arguments, Command } from '../../command.ts';
import { outputFolder } from '../../output-format.ts';
import { type ForceFlags, having, withForce } from '../shared-options.ts';

export type GroupFilesFlags = ForceFlags & {
  readonly out?: string | undefined;
  /** Of the config: what holds a folder for each group. */
  readonly outRoot?: string | undefined;
};

/** What every command has that says or asks something in a group: it renews the group's files. */
export function withGroupFiles<A extends Arguments, O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
): Command<A, O & GroupFilesFlags, G> {
  return having(
    withForce(command).option(
      '--out <dir>',
      `the folder for transcript and report (default: ${DEFAULT_OUTPUT_FOLDER}/fg_<group>)`,
      outputFolder,
    ),
  );
}
