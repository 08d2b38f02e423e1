import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { PanelistError, type PanelistErrorCode } from '../panelist-error.ts';
import { addAudienceCommand } from './commands/audience.ts';
import { addFocusGroupCommand } from './commands/focus-group/focus-group.ts';
import { addResultsCommand } from './commands/results.ts';
import { addSimulateCommand } from './commands/simulate.ts';
import { addSurveyCommand } from './commands/survey.ts';
import { addTasksCommand } from './commands/tasks.ts';
import { ExitCode, exitCodeFor, exitCodesHelp } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Runs one command line and returns the process's exit code. Whatever goes wrong is told on the terminal. */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = ExitCode.OK;
  const program = new Command('panelist')
    .description(
      'Deploys surveys to AI respondents, holds AI focus groups, and gets every answer exactly once.',
    )
    .version(version())
    .addHelpText('after', `\n${exitCodesHelp}\n\nAPI keys are read from the environment only.`);
  inherit(program, terminal);
  const setExitCode = (code: number): void => {
    exitCode = code;
  };
  addSurveyCommand(program, terminal, setExitCode);
  addFocusGroupCommand(program, terminal, setExitCode);
  addAudienceCommand(program, terminal);
  addTasksCommand(program, terminal, setExitCode);
  addResultsCommand(program, terminal);
  addSimulateCommand(program, terminal);
  for (const command of program.commands) inheritAll(command, terminal);
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
    const code = exitCodeFor(error);
    terminal.err(`${describeError(error, code)}\n`);
    return code;
  }
}

function inheritAll(command: Command, terminal: Terminal): void {
  inherit(command, terminal);
  for (const child of command.commands) inheritAll(child, terminal);
}

/** Commander does not hand these down to commands that are added with `command()`. */
function inherit(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .showHelpAfterError('(--help shows what is possible)')
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
}

/** What a flag can do about an error whose message cannot know the flags. */
const hints: Readonly<Partial<Record<PanelistErrorCode, string>>> = {
  FILE_EXISTS: 'Choose another place with --out, or overwrite with --force.',
};

function describeError(error: unknown, code: number): string {
  if (!(error instanceof Error)) return `Error: ${String(error)}`;
  const label = 'code' in error && typeof error.code === 'string' ? ` [${error.code}]` : '';
  if (code === ExitCode.INTERNAL) {
    return `Error${label}: ${error.message}\n${error.stack ?? ''}\nThis is a fault in Panelist: please report it with the lines above.`;
  }
  const hint = error instanceof PanelistError ? hints[error.code] : undefined;
  return `Error${label}: ${error.message}${hint === undefined ? '' : ` ${hint}`}`;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return (manifest as { readonly version: string }).version;
}
