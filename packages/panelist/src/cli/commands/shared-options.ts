import { Option } from 'commander';
import {
  DEFAULT_DATABASE,
  DEFAULT_MAX_CONCURRENCY,
  DEFAULT_OUTPUT_FOLDER,
} from '../../application/defaults.ts';
import type { Command } from '../command.ts';
import { outputFolder } from '../output-format.ts';
import { choicesFile, decimal, wholeNumber } from '../read-option.ts';
import type { SurveyFlags } from '../survey-input.ts';

/** Flags that several commands have, spelled and explained once. */
export interface DatabaseFlags {
  readonly database: string;
}

const MAX_COST_USD = 1_000_000;

export interface CallFlags extends DatabaseFlags {
  readonly maxConcurrency: number;
  readonly rpm?: number;
  readonly tpm?: number;
  readonly maxCost?: number;
  readonly maxTokens?: number;
  readonly prices?: string;
  readonly baseUrl?: string;
  readonly json?: boolean;
}

export interface ForceFlags {
  readonly force?: boolean;
}

export interface RunFlags extends CallFlags, ForceFlags {
  readonly out?: string;
  /** Of the config: what holds a folder for each run. */
  readonly outRoot?: string;
}

/** What every command has that writes files. */
export function withForce(command: Command): Command {
  return command.option('--force', 'overwrite files that Panelist did not write, or that were changed since');
}

export function withDatabase(command: Command, what = 'where tasks and answers are stored'): Command {
  return command.option('--database <path>', what, DEFAULT_DATABASE);
}

/** What every command has that reads a survey, but for the language. */
export function withSurvey(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--unsupported <what>',
        'what to do with what SurveyJS can ask and Panelist cannot: refuse the survey, or skip it and list it',
      )
        .choices(['refuse', 'skip'] satisfies SurveyFlags['unsupported'][])
        .default('refuse'),
    )
    .option(
      '--choices <name=file>',
      'the choices of a question that takes them from a URL or from code: a JSON list, a CSV with the columns value and text, or one a line; may be given several times',
      choicesFile,
    );
}

/** What every command has that makes calls: limits, prices, `--json`. */
export function withCalls(
  command: Command,
  concurrency: { readonly what: string; readonly n: number },
): Command {
  return withDatabase(command)
    .addOption(
      new Option('--max-concurrency <n>', concurrency.what)
        .default(concurrency.n)
        .argParser(wholeNumber(1, 100_000)),
    )
    .option(
      '--rpm <n>',
      "the model's limit, requests a minute (default: learned from the provider)",
      wholeNumber(1),
    )
    .option('--tpm <n>', "the model's limit, tokens a minute (default: learned)", wholeNumber(1))
    .option(
      '--max-cost <usd>',
      'US dollars that it may cost in all, earlier runs included; then it is paused, and a higher limit goes on',
      decimal(0, MAX_COST_USD),
    )
    .option('--max-tokens <n>', 'the same in tokens, requests and replies together', wholeNumber(1))
    .option(
      '--prices <file>',
      'prices that come before the built-in ones, USD per million tokens: {"models":{"openai/gpt-5":{"input":1.25,"output":10}}}',
    )
    .option(
      '--base-url <url>',
      'where an openai-compatible model is served, such as http://127.0.0.1:11434/v1; also says that the address which a guide or a database names is right',
    )
    .option('--json', 'print the result as JSON');
}

export function withRun(command: Command): Command {
  const concurrency = { what: 'respondents interviewed at once', n: DEFAULT_MAX_CONCURRENCY };
  const folder = `the folder for the answer files (default: ${DEFAULT_OUTPUT_FOLDER}/<task id>)`;
  return withForce(withCalls(command, concurrency).option('--out <dir>', folder, outputFolder));
}
