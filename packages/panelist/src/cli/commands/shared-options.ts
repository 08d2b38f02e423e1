import { type Command, Option } from 'commander';
import { DEFAULT_DATABASE, DEFAULT_MAX_CONCURRENCY, DEFAULT_OUTPUT_FOLDER } from '../defaults.ts';
import { wholeNumber } from '../read-option.ts';

/** Flags that several commands have, spelled and explained once. */
export interface DatabaseFlags {
  readonly database: string;
}

export interface RunFlags extends DatabaseFlags {
  readonly maxConcurrency: number;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly json?: boolean;
  readonly out?: string;
}

export function withDatabase(command: Command): Command {
  return command.option('--database <path>', 'where tasks and answers are kept', DEFAULT_DATABASE);
}

export function withRun(command: Command): Command {
  return withDatabase(command)
    .addOption(
      new Option('--max-concurrency <n>', 'respondents interviewed at once')
        .default(DEFAULT_MAX_CONCURRENCY)
        .argParser(wholeNumber(1, 100_000)),
    )
    .option(
      '--rpm <n>',
      "the model's limit, requests a minute (default: learned from the provider)",
      wholeNumber(1),
    )
    .option('--tpm <n>', "the model's limit, tokens a minute (default: learned)", wholeNumber(1))
    .option('--out <dir>', `where the answer files go (default: ${DEFAULT_OUTPUT_FOLDER}/<task id>)`)
    .option('--json', 'print the result as JSON');
}
