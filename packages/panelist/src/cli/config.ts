import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '@panelist/toolkit';
import { z } from 'zod';
import { findJsonSyntaxError } from '../files/json-syntax.ts';
import { PanelistError } from '../panelist-error.ts';
import { didYouMean } from '../text/did-you-mean.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { CONFIG_FILE } from './build-program.ts';

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

const limits = z.strictObject({
  maxConcurrency: z.int().min(1).max(100_000).optional(),
  rpm: z.int().min(1).optional(),
  tpm: z.int().min(1).optional(),
  maxCost: z.number().min(0).max(1_000_000).optional(),
  maxTokens: z.int().min(1).optional(),
}) satisfies z.ZodType<Limits>;

const config = z.strictObject({
  $schema: z.string().optional(),
  model: z.string().min(1).max(200).optional(),
  baseUrl: z.url().refine(hasNoCredentials, 'must not hold a name or a password').optional(),
  database: z.string().min(1).optional(),
  out: z.string().min(1).optional(),
  limits: limits.optional(),
}) satisfies z.ZodType<Config>;

const knownKeys: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(config.shape),
  limits: Object.keys(limits.shape),
};

/**
 * Reads `panelist.config.json` of a folder; `{}` where there is none.
 *
 * @throws PanelistError `CONFIG_INVALID`, naming everything that is wrong in it
 */
export function readConfig(folder: string): Config {
  const path = join(folder, CONFIG_FILE);
  if (!existsSync(path)) return {};
  const read = config.safeParse(parseJson(path, readText(path)));
  if (read.success) return read.data;
  const problems = read.error.issues.flatMap(problemsOf).map((text) => `  ${terminalSafe(text)}`);
  throw invalid(path, `is not valid:\n${problems.join('\n')}`);
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

function problemsOf(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [`${at === '' ? 'the file' : at}: ${issue.message}`];
  return issue.keys.map((key) => {
    const name = at === '' ? key : `${at}.${key}`;
    if (/key|token|secret|password/i.test(key) && !/^max/i.test(key))
      return `${name}: secrets do not belong into this file; API keys are read from the environment only`;
    return `${name}: there is no such setting.${didYouMean(key, knownKeys[at] ?? [])}`;
  });
}

function hasNoCredentials(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password } = new URL(url);
  return username === '' && password === '';
}

function invalid(path: string, problem: string): PanelistError {
  return new PanelistError('CONFIG_INVALID', `${quote(path)} ${problem}`);
}
