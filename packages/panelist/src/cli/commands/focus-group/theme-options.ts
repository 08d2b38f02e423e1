import { Option, type OptionValues } from '@commander-js/extra-typings';
import type { Arguments, Command } from '../../command.ts';
import { type CallFlags, having } from '../shared-options.ts';

type ThemeOwnFlags = {
  readonly themes: 'keywords' | 'model';
  readonly model?: string | undefined;
};

export type ThemeFlags = CallFlags & ThemeOwnFlags;

/** How themes are found: the same for what shows them and what reports them. */
export function withThemes<A extends Arguments, O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
): Command<A, O & ThemeOwnFlags, G> {
  return having(
    command
      .addOption(
        new Option(
          '--themes <method>',
          'how themes are found: by counting keywords, without a call, or by a model',
        )
          .choices(['keywords', 'model'] satisfies ThemeFlags['themes'][])
          .default('keywords'),
      )
      .option('--model <model>', "the model that finds themes (default: the group's)"),
  );
}
