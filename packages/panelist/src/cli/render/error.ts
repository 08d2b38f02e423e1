import { styleText } from 'node:util';
import { ToolkitError } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import { foreignLine } from '../../text/foreign-line.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import { ExitCode } from '../exit-codes.ts';
import type { Terminal } from '../terminal.ts';
import { errorAdvice } from './error-advice.ts';

interface ErrorView {
  readonly code: string;
  readonly message: string;
  readonly exitCode: ExitCode;
  /** What can be done about it by a flag. */
  readonly advice?: string;
  /** Only of a fault in Panelist. */
  readonly stack?: string | undefined;
}

export function errorView(error: unknown, exitCode: ExitCode): ErrorView {
  const isFault = exitCode === ExitCode.INTERNAL;
  if (!(error instanceof Error)) return { code: 'INTERNAL', message: foreignLine(String(error)), exitCode };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL';
  const message = messageOf(error);
  if (isFault) return { code, message, exitCode, stack: framesOf(error) };
  const advice = errorAdvice(error);
  return { code, message, exitCode, ...(advice !== null && { advice }) };
}

/** Only a `PanelistError` has lines of ours; what other errors say comes from a server, the system or a file. */
function messageOf(error: Error): string {
  if (error instanceof PanelistError) return error.message;
  return error instanceof ToolkitError ? terminalSafe(error.message) : foreignLine(error.message);
}

/** The stack without the message, whose lines could look like ours. */
function framesOf({ name, stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => /^ {4}at /.test(line));
  return [terminalSafe(name), ...frames].join('\n');
}

/** Says what went wrong: to people, or with `--json` as one line of JSON. */
export function reportError(terminal: Terminal, view: ErrorView, isJson: boolean): void {
  if (isJson) {
    terminal.err(`${JSON.stringify({ error: view })}\n`);
    return;
  }
  const { code, message, advice, stack } = view;
  const label = terminal.colours('err') ? styleText('red', 'Error', { validateStream: false }) : 'Error';
  terminal.paint('err', label);
  const isNamed = code !== 'INTERNAL';
  terminal.err(`${isNamed ? ` [${code}]` : ''}: ${message}\n`);
  if (advice !== undefined) terminal.err(`${advice}\n`);
  if (stack !== undefined)
    terminal.err(`${stack}\nThis is a fault in Panelist: please report it with the lines above.\n`);
}
