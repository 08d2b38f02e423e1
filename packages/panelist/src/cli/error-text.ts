import { styleText } from 'node:util';
import { ExitCode } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

interface ErrorView {
  readonly code: string;
  readonly message: string;
  readonly exitCode: ExitCode;
  /** Only of a fault in Panelist. */
  readonly stack?: string | undefined;
}

export function errorView(error: unknown, exitCode: ExitCode): ErrorView {
  const isFault = exitCode === ExitCode.INTERNAL;
  if (!(error instanceof Error)) return { code: 'INTERNAL', message: String(error), exitCode };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL';
  const { message } = error;
  return isFault ? { code, message, exitCode, stack: error.stack } : { code, message, exitCode };
}

/** Says what went wrong: to people, or with `--json` as one line of JSON. */
export function reportError(terminal: Terminal, view: ErrorView, isJson: boolean): void {
  if (isJson) {
    terminal.err(`${JSON.stringify({ error: view })}\n`);
    return;
  }
  const { code, message, stack } = view;
  const label = terminal.colours('err') ? styleText('red', 'Error', { validateStream: false }) : 'Error';
  terminal.paint('err', label);
  const isNamed = code !== 'INTERNAL';
  terminal.err(`${isNamed ? ` [${code}]` : ''}: ${message}\n`);
  if (stack !== undefined)
    terminal.err(`${stack}\nThis is a fault in Panelist: please report it with the lines above.\n`);
}
