import type { CommandUnknownOpts, Option } from '@commander-js/extra-typings';

/** What a command line has led to so far. */
export interface ReadLine {
  readonly command: CommandUnknownOpts;
  /** Arguments given to `command`, the names of subcommands left out. */
  readonly positionals: readonly string[];
  /** The option whose value the next word is. */
  readonly pending: Option | undefined;
  /** The options that were written, known or not, as they were written. */
  readonly flags: readonly string[];
  /** Whether `--` was written: what follows are arguments. */
  readonly isOnlyArguments: boolean;
}

/** Reads words as commander does, but stops at nothing: for completion, and for what a mistake was meant to be. */
export function readLine(program: CommandUnknownOpts, words: readonly string[]): ReadLine {
  let command = program;
  let positionals: string[] = [];
  let pending: Option | undefined;
  let isOnlyArguments = false;
  const flags: string[] = [];
  for (const word of words) {
    if (isOnlyArguments) positionals.push(word);
    else if (word === '--') isOnlyArguments = true;
    else if (word.startsWith('-') && word !== '-') {
      const [flag = word, value] = word.startsWith('--') ? word.split('=', 2) : [word];
      flags.push(flag);
      const option = optionsOf(command).find(({ long, short }) => long === flag || short === flag);
      pending = option !== undefined && takesValue(option) && value === undefined ? option : undefined;
    } else if (pending !== undefined) {
      if (!pending.variadic) pending = undefined;
    } else {
      const child = positionals.length === 0 ? childOf(command, word) : undefined;
      if (child === undefined) positionals.push(word);
      else {
        command = child;
        positionals = [];
      }
    }
  }
  return { command, positionals, pending, flags, isOnlyArguments };
}

/** A command's options and those of the commands around it, which may stand behind it too. */
export function optionsOf(command: CommandUnknownOpts): Option[] {
  const options: Option[] = [];
  for (let each: CommandUnknownOpts | null = command; each !== null; each = each.parent)
    options.push(...each.createHelp().visibleOptions(each));
  return options;
}

function childOf(command: CommandUnknownOpts, name: string): CommandUnknownOpts | undefined {
  return command.commands.find((child) => child.name() === name || child.aliases().includes(name));
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}
