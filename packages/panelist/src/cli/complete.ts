import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings';
import { LAST } from '../application/tasks/find-task.ts';
import { optionsOf, readLine } from './command-line.ts';

export interface Candidate {
  readonly value: string;
  /** One line; may be empty. */
  readonly description: string;
}

/**
 * What may stand at the end of a command line, read off the program itself.
 *
 * @param words what was typed after `panelist`; the last is to be completed, and may be empty
 * @returns `[]` where a file or a free text is wanted
 */
export function complete(program: CommandUnknownOpts, words: readonly string[]): Candidate[] {
  const current = words.at(-1) ?? '';
  const { command, positionals, pending, flags, isOnlyArguments } = readLine(program, words.slice(0, -1));
  const all =
    pending !== undefined && !(pending.variadic && current.startsWith('-'))
      ? choicesOf(pending)
      : current.startsWith('-') && !isOnlyArguments
        ? optionCandidates(command, flags)
        : [...childCandidates(command, positionals), ...argumentCandidates(command, positionals.length)];
  return all.filter(({ value }) => value.startsWith(current));
}

function optionCandidates(command: CommandUnknownOpts, flags: readonly string[]): Candidate[] {
  return optionsOf(command)
    .filter(({ long, variadic }) => long && (variadic || !flags.includes(long)))
    .map(({ long, description }) => ({ value: long as string, description: oneSentence(description) }));
}

function childCandidates(command: CommandUnknownOpts, positionals: readonly string[]): Candidate[] {
  if (positionals.length > 0) return [];
  return command
    .createHelp()
    .visibleCommands(command)
    .map((child) => ({
      value: child.name(),
      description: oneSentence(child.summary() || child.description()),
    }));
}

function argumentCandidates(command: CommandUnknownOpts, place: number): Candidate[] {
  const argument =
    command.registeredArguments[place] ?? command.registeredArguments.find((each) => each.variadic);
  if (argument === undefined) return [];
  if (argument.name() === 'task-id') return [{ value: LAST, description: 'the newest' }];
  return choicesOf(argument);
}

function choicesOf({ argChoices }: Pick<Option | Argument, 'argChoices'>): Candidate[] {
  return (argChoices ?? []).map((value) => ({ value, description: '' }));
}

function oneSentence(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
