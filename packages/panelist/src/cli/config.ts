import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '@panelist/toolkit';
import { findJsonSyntaxError } from '../files/json-syntax.ts';
import { PanelistError } from '../panelist-error.ts';
import { didYouMean } from '../text/did-you-mean.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { CONFIG_FILE } from './program-names.ts';

const MAX_BYTES = 100_000;

/** Defaults for flags, of everything that is run in a folder. */
export interface Config {
  readonly model?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly database?: string | undefined;
  /** Holds a folder for each run. */
  readonly out?: string | undefined;
  readonly limits?: Limits | undefined;
}

interface Limits {
  readonly maxConcurrency?: number | undefined;
  readonly rpm?: number | undefined;
  readonly tpm?: number | undefined;
  /** US dollars. */
  readonly maxCost?: number | undefined;
  readonly maxTokens?: number | undefined;
}

/** What is wrong with a value, or `null`. */
type Check = (value: unknown) => string | null;

/** Checked by hand: a schema library takes longer to load than a list of tasks. */
const limitChecks: Readonly<Record<keyof Limits, Check>> = {
  maxConcurrency: integer(100_000),
  rpm: integer(),
  tpm: integer(),
  maxCost: (value) => typeProblem(value, 'number') ?? rangeProblem(value as number, 0, 1_000_000),
  maxTokens: integer(),
};

const checks: Readonly<Record<Exclude<keyof Config, 'limits'> | '$schema', Check>> = {
  $schema: text(0),
  model: text(1, 200),
  baseUrl: (value) => typeProblem(value, 'string') ?? addressProblem(value as string),
  database: text(1),
  out: text(1),
};

/**
 * Reads `panelist.config.json` of a folder; `{}` where there is none.
 *
 * @throws PanelistError `CONFIG_INVALID`, naming everything that is wrong in it
 */
export function readConfig(folder: string): Config {
  const path = join(folder, CONFIG_FILE);
  if (!existsSync(path)) return {};
  const read = parseJson(path, readText(path));
  const problems = problemsOf(read);
  if (problems.length > 0) {
    const lines = problems.map((text) => `  ${terminalSafe(text)}`);
    throw invalid(path, `is not valid:\n${lines.join('\n')}`);
  }
  const { baseUrl, ...config } = read as Config;
  return { ...config, ...(baseUrl !== undefined && { baseUrl: trimmedUrl(baseUrl) }) };
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw invalid(path, `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
  if (bytes.byteLength > MAX_BYTES) throw invalid(path, `is longer than ${MAX_BYTES / 1_000} kB`);
  return bytes.toString('utf8').replace(/^\ufeff/, '');
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const found = findJsonSyntaxError(text);
    // Without the line itself: somebody may have written a key into it.
    const detail = found
      ? `line ${found.line}, column ${found.column}: ${found.problem}.`
      : 'Check its syntax.';
    throw invalid(path, `is not JSON. ${detail}`);
  }
}

/** All that is wrong with a config, each with the setting that it is about. */
function problemsOf(config: unknown): string[] {
  const problem = typeProblem(config, 'object');
  if (problem !== null) return [`the file: ${problem}`];
  const { limits, ...settings } = config as Readonly<Record<string, unknown>>;
  const limitsProblem = limits === undefined ? null : typeProblem(limits, 'object');
  return [
    ...settingProblems(settings, checks, '', ['limits']),
    ...(limitsProblem === null
      ? settingProblems((limits ?? {}) as Readonly<Record<string, unknown>>, limitChecks, 'limits.')
      : [`limits: ${limitsProblem}`]),
  ];
}

function settingProblems(
  settings: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, Check>>,
  prefix: string,
  otherNames: readonly string[] = [],
): string[] {
  const names = [...Object.keys(known), ...otherNames];
  return Object.entries(settings).flatMap(([name, value]) => {
    const problem = Object.hasOwn(known, name) ? known[name]?.(value) : unknownSetting(name, names);
    return problem ? [`${prefix}${name}: ${problem}`] : [];
  });
}

function unknownSetting(name: string, known: readonly string[]): string {
  if (/key|token|secret|password/i.test(name) && !/^max/i.test(name))
    return 'secrets do not belong into this file; API keys are read from the environment only';
  return `there is no such setting.${didYouMean(name, known)}`;
}

function text(min: number, max: number = Number.POSITIVE_INFINITY): Check {
  return (value) => {
    const problem = typeProblem(value, 'string');
    if (problem !== null) return problem;
    const { length } = value as string;
    if (length < min) return `Too small: expected string to have >=${min} characters`;
    return length > max ? `Too big: expected string to have <=${max} characters` : null;
  };
}

/** From 1. */
function integer(max: number = Number.MAX_SAFE_INTEGER): Check {
  return (value) => {
    const problem = typeProblem(value, 'number');
    if (problem !== null) return problem;
    if (!Number.isInteger(value)) return 'Invalid input: expected int, received number';
    return rangeProblem(value as number, 1, max);
  };
}

function rangeProblem(value: number, min: number, max: number): string | null {
  if (value < min) return `Too small: expected number to be >=${min}`;
  return value > max ? `Too big: expected number to be <=${max}` : null;
}

function addressProblem(url: string): string | null {
  const parsed = URL.parse(trimmedUrl(url));
  if (parsed === null) return 'Invalid URL';
  return parsed.username === '' && parsed.password === '' ? null : 'must not hold a name or a password';
}

/** As URLs are read: without blanks around and line breaks within. */
function trimmedUrl(url: string): string {
  return url.trim().replace(/[\t\n\r]/g, '');
}

function typeProblem(value: unknown, expected: 'object' | 'string' | 'number'): string | null {
  const type = value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
  return type === expected ? null : `Invalid input: expected ${expected}, received ${type}`;
}

function invalid(path: string, problem: string): PanelistError {
  return new PanelistError('CONFIG_INVALID', `${quote(path)} ${problem}`);
}
