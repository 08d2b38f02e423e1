import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { closestTo } from '../text/did-you-mean.ts';
import { optionsOf, readLine } from './command-line.ts';

/**
 * What was probably meant where a required option is missing: commander looks for unknown options only after that, so
 * that `--audiance people.csv` would only be reported as missing `--audience`. Empty if nothing is misspelt.
 */
export function misspeltOptions(program: CommandUnknownOpts, args: readonly string[]): string {
  const { command, flags } = readLine(program, args);
  const known = optionsOf(command).flatMap(({ long }) => (long ? [long] : []));
  return flags
    .filter((flag) => flag.startsWith('--') && !known.includes(flag))
    .map((flag) => {
      const meant = closestTo(
        flag.slice(2),
        known.map((each) => each.slice(2)),
      );
      const question = meant === undefined ? '' : ` (Did you mean --${meant}?)`;
      return `error: unknown option '${flag}'${question}`;
    })
    .join('\n');
}
