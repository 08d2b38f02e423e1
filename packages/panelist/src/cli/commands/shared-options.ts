import { type CommandUnknownOpts, Option, type OptionValues } from '@commander-js/extra-typings';
import {
  DEFAULT_DATABASE,
  DEFAULT_GROUP_CONCURRENCY,
  DEFAULT_MAX_CONCURRENCY,
  DEFAULT_OUTPUT_FOLDER,
} from '../../application/defaults.ts';
import type { RunLimits } from '../../application/runs/run-limits.ts';
import { LOG_LEVELS, type LogLevel } from '../../operation/log-level.ts';
import type { SaidLevels } from '../../survey/measurement.ts';
import type { Arguments, Command } from '../command.ts';
import { outputFolder } from '../output-format.ts';
import { choicesFile, decimal, limit, names, questionColumn, wholeNumber } from '../read-option.ts';
import type { SurveyFileFlags } from '../survey-input.ts';

/** Flags that several commands have, spelled and explained once. */
export type DatabaseFlags = {
  readonly database: string;
};

const MAX_COST_USD = 1_000_000;

/** The flags that limit a run. `null` means no limit. */
export type LimitFlags = {
  readonly maxConcurrency?: number | null | undefined;
  readonly rpm?: number | null | undefined;
  readonly tpm?: number | null | undefined;
  /** US dollars. */
  readonly maxCost?: number | null | undefined;
  readonly maxTokens?: number | null | undefined;
};

export type CallFlags = DatabaseFlags &
  LimitFlags & {
    /** Of the config: those of runs that record none of their own. */
    readonly configLimits?: LimitFlags | undefined;
    readonly prices?: string | undefined;
    readonly baseUrl?: string | undefined;
    readonly json?: boolean | undefined;
  };

export type ForceFlags = {
  readonly force?: boolean | undefined;
};

export type RunFlags = CallFlags &
  ForceFlags & {
    readonly out?: string | undefined;
    /** Of the config: what holds a folder for each run. */
    readonly outRoot?: string | undefined;
  };

/** What every command has that shows or compares results. */
export function withLevels<A extends Arguments, O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
): Command<A, O & SaidLevels, G> {
  return having(
    command
      .option(
        '--ordinal <questions>',
        'questions whose options are a scale, so that they have means; comma-separated, a grid counts for its rows',
        names,
      )
      .option('--nominal <questions>', 'questions whose options are a list, without means', names),
  );
}

/** What every command has that writes files. */
export function withForce<A extends Arguments, O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
): Command<A, O & ForceFlags, G> {
  return having(
    command.option('--force', 'overwrite files that Panelist did not write, or that were changed since'),
  );
}

export function withDatabase<A extends Arguments, O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
  what = 'where tasks and answers are stored: a SQLite file, or postgres://user@host/name',
): Command<A, O & DatabaseFlags, G> {
  return having(command.option('--database <path>', what, DEFAULT_DATABASE));
}

/** What every process has that works on tasks until it is stopped. */
export function withLogLevel<A extends Arguments, O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
  otherwise: LogLevel,
): Command<A, O & { readonly logLevel: LogLevel }, G> {
  return having(
    command.addOption(
      new Option('--log-level <level>', 'what becomes of tasks and items, as JSON lines on stderr')
        .choices(LOG_LEVELS)
        .default(otherwise),
    ),
  );
}

/** What every command has that reads a survey, but for the language. */
export function withSurvey<A extends Arguments, O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
): Command<A, O & SurveyFileFlags, G> {
  return having(
    command
      .addOption(
        new Option(
          '--unsupported <what>',
          'what to do with what SurveyJS can ask and Panelist cannot: refuse the survey, or skip it and list it',
        )
          .choices(['refuse', 'skip'] satisfies SurveyFileFlags['unsupported'][])
          .default('refuse'),
      )
      .option(
        '--choices <name=file>',
        'the choices of a question that takes them from a URL or from code: a JSON list, a CSV with the columns value and text, or one a line; may be given several times',
        choicesFile,
      ),
  );
}

/** What every command has that limits a run. The limits are recorded with the run's task. */
export function withLimits<A extends Arguments, O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
  concurrency: AtOnce,
): Command<A, O & LimitFlags, G> {
  return having(
    command
      .option(
        '--max-concurrency <n>',
        `${concurrency.what} (default: ${concurrency.n})`,
        limit(wholeNumber(1, 100_000)),
      )
      .option(
        '--rpm <n>',
        "the account's limit for the model, requests per minute (default: learned from the provider)",
        limit(wholeNumber(1)),
      )
      .option('--tpm <n>', 'the same in tokens per minute (default: learned)', limit(wholeNumber(1)))
      .option(
        '--max-cost <usd>',
        'US dollars that the run may cost in total, earlier runs included; then it pauses',
        limit(decimal(0, MAX_COST_USD)),
      )
      .option('--max-tokens <n>', 'the same in tokens, requests and replies together', limit(wholeNumber(1))),
  );
}

/** Those of the flags that are given, else those of the config. */
export function limitsOrConfig({
  configLimits = {},
  ...flags
}: LimitFlags & Pick<CallFlags, 'configLimits'>): LimitFlags {
  const { maxConcurrency, rpm, tpm, maxCost, maxTokens } = flags;
  const given = Object.entries({ maxConcurrency, rpm, tpm, maxCost, maxTokens }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...configLimits, ...Object.fromEntries(given) };
}

/** The limits that the flags give, as a run records them. */
export function limitsIn({ maxConcurrency, rpm, tpm, maxCost, maxTokens }: LimitFlags = {}): RunLimits {
  return {
    maxConcurrency,
    requestsPerMinute: rpm,
    tokensPerMinute: tpm,
    maxCostUsd: maxCost,
    maxTokens,
  };
}

/** What every command has that makes calls: limits, prices, `--json`. */
export function withCalls<A extends Arguments, O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
  concurrency: AtOnce,
): Command<A, O & CallFlags, G> {
  return having(
    withLimits(withDatabase(command), concurrency)
      .option(
        '--prices <file>',
        'prices that come before the built-in ones, USD per million tokens: {"models":{"openai/gpt-5":{"input":1.25,"output":10}}}',
      )
      .option(
        '--base-url <url>',
        'where an openai-compatible model is served, such as http://127.0.0.1:11434/v1; also says that the address which a guide or a database names is right',
      )
      .option('--json', 'print the result as JSON'),
  );
}

/** What `--max-concurrency` counts, and its default. */
export interface AtOnce {
  readonly what: string;
  /** The default. */
  readonly n: number | 'unchanged';
}

export const interviewsAtOnce: AtOnce = {
  what: 'respondents interviewed at once',
  n: DEFAULT_MAX_CONCURRENCY,
};
export const participantsAtOnce: AtOnce = {
  what: 'participants asked at once',
  n: DEFAULT_GROUP_CONCURRENCY,
};

export function withRun<A extends Arguments, O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
): Command<A, O & RunFlags, G> {
  const folder = `the folder for the answer files (default: ${DEFAULT_OUTPUT_FOLDER}/<task id>)`;
  return having(withForce(withCalls(command, interviewsAtOnce).option('--out <dir>', folder, outputFolder)));
}

/** What a generic function adds to a command cannot be inferred: this says it. */
export function having<A extends Arguments, O extends OptionValues, G extends OptionValues>(
  command: CommandUnknownOpts,
): Command<A, O, G> {
  return command as unknown as Command<A, O, G>;
}

/** Of `--by`, which may be given several times. */
export const GROUPING =
  'also cross-tables with tests, by a column of the audience or another question; numbers by bands (age:18-29,30-44,45-) or quantiles (age:q4). May be given several times';

export interface HumanColumnFlags {
  readonly map: ReadonlyMap<string, string>;
  readonly weight?: string | undefined;
  readonly id?: string | undefined;
}

/** What every command has that reads people's answers, but for the file. */
export function withHumanColumns<A extends Arguments, O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
): Command<A, O & HumanColumnFlags, G> {
  return having(
    command
      .option(
        '--map <question=column...>',
        'the column of a question, where it is not called as the question is',
        questionColumn,
        new Map<string, string>(),
      )
      .option('--weight <column>', "the column with people's weights")
      .option(
        '--id <column>',
        'the column with the id of the respondent who plays the person, to judge person by person',
      ),
  );
}
