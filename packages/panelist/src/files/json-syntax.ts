import { quote } from '@panelist/toolkit';
import { PanelistError, type PanelistErrorCode } from '../panelist-error.ts';
import { terminalSafe } from '../text/terminal-safe.ts';

/** The position and reason of a JSON syntax error. */
export interface JsonSyntaxError {
  /** From 1. */
  readonly line: number;
  /** In characters, from 1. */
  readonly column: number;
  /** The line, or in a long line the surroundings of the error. Safe to print. */
  readonly excerpt: string;
  /** Contains nothing of the text. */
  readonly problem: string;
}

/** Parses a JSON file. @throws PanelistError `code`, with the line and column of the syntax error */
export function parseJsonFile(path: string, text: string, code: PanelistErrorCode): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PanelistError(code, `${quote(path)} is not JSON. ${jsonProblem(path, text)}`, { cause });
  }
}

/**
 * Describes the syntax error of a file that is not JSON: its position, and what is expected there. The line is quoted
 * only if the file's name ends in .json, because another file may be confidential, such as `/etc/shadow`.
 */
export function jsonProblem(path: string, text: string): string {
  const found = findJsonSyntaxError(text);
  if (found === null) return 'Its syntax is wrong.';
  const { line, column, problem, excerpt } = found;
  const position = `line ${line}, column ${column}: ${problem}`;
  return /\.json$/i.test(path)
    ? `${position}, here:\n  ${excerpt}`
    : `${position}. Is it the intended file? Its name does not end in .json.`;
}

const space = /[ \t\n\r]*/y;
const token = /([{}[\],:])|("[^"\\\n]*(?:\\.[^"\\\n]*)*")|((?:-?\d[\d.eE+-]*|[a-z]+)(?!\w))/y;

/** What may come next, in the words of the message. */
const expectations = {
  value: 'expected a value',
  'value or ]': 'expected a value or "]"',
  name: 'expected a name in double quotes (no comma may stand before "}")',
  'name or }': 'expected a name in double quotes, or "}"',
  colon: 'expected ":" after the name',
  'comma or }': 'expected "," or "}"',
  'comma or ]': 'expected "," or "]"',
  end: 'nothing may follow the end',
} as const;
type Expected = keyof typeof expectations;

/**
 * Finds the first syntax error of a text that `JSON.parse` has rejected: messages of engines differ, and often have no
 * position. `null` if it finds none.
 */
export function findJsonSyntaxError(text: string): JsonSyntaxError | null {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  for (let index = endOf(space, text, 0); index < text.length; index = endOf(space, text, token.lastIndex)) {
    token.lastIndex = index;
    const [, mark, string, scalar] = token.exec(text) ?? [];
    const literal = string ?? scalar;
    if (literal !== undefined && !isJson(literal)) return at(text, index, 'this is not a JSON value');
    if (mark === undefined && literal === undefined)
      return at(
        text,
        index,
        text[index] === '"' ? 'this text is not closed on its line' : expectations[expected],
      );
    const next = step(expected, mark ?? (string === undefined ? 'scalar' : 'string'), open);
    if (next === null) return at(text, index, expectations[expected]);
    expected = next;
  }
  return expected === 'end'
    ? null
    : at(text, text.trimEnd().length, `it ends too early: ${expectations[expected]}`);
}

/** Consumes a token: returns what may follow it, or `null` if it is not allowed here. Updates `open`, the open brackets. */
function step(expected: Expected, kind: string, open: ('{' | '[')[]): Expected | null {
  const isValue = expected === 'value' || expected === 'value or ]';
  if (kind === 'string' && (expected === 'name' || expected === 'name or }')) return 'colon';
  if (isValue && (kind === 'string' || kind === 'scalar')) return after(open);
  if (isValue && (kind === '{' || kind === '[')) {
    open.push(kind);
    return kind === '{' ? 'name or }' : 'value or ]';
  }
  if (kind === ':' && expected === 'colon') return 'value';
  if (kind === ',' && expected.startsWith('comma')) return expected === 'comma or }' ? 'name' : 'value';
  if ((kind === '}' || kind === ']') && expected.endsWith(`or ${kind}`)) {
    open.pop();
    return after(open);
  }
  return null;
}

function after(open: readonly ('{' | '[')[]): Expected {
  if (open.length === 0) return 'end';
  return open.at(-1) === '{' ? 'comma or }' : 'comma or ]';
}

function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return from + (pattern.exec(text)?.[0].length ?? 0);
}

function isJson(literal: string): boolean {
  try {
    JSON.parse(literal);
    return true;
  } catch {
    return false;
  }
}

function at(text: string, index: number, problem: string): JsonSyntaxError {
  const start = text.lastIndexOf('\n', index - 1) + 1;
  const end = text.indexOf('\n', index);
  const whole = text.slice(start, end < 0 ? text.length : end);
  const from = Math.max(0, index - start - 60);
  return {
    line: text.slice(0, start).split('\n').length,
    column: index - start + 1,
    excerpt: terminalSafe(whole.slice(from, from + 100)),
    problem,
  };
}
