import { Option } from 'commander';
import type { Command } from '../../command.ts';
import type { CallFlags } from '../shared-options.ts';

export interface ThemeFlags extends CallFlags {
  readonly themes: 'keywords' | 'model';
  readonly model?: string;
}

/** How themes are found: the same for what shows them and what reports them. */
export function withThemes(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--themes <method>',
        'how themes are found: by counting keywords, without a call, or by a model',
      )
        .choices(['keywords', 'model'] satisfies ThemeFlags['themes'][])
        .default('keywords'),
    )
    .option('--model <model>', "the model that finds themes (default: the group's)");
}
