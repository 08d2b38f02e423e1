import { CommanderError, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { applyConfig } from './apply-config.ts';
import { buildProgram } from './build-program.ts';
import { type Config, readConfig } from './config.ts';
import { ExitCode, exitCodeFor } from './exit-codes.ts';
import { misspeltOptions } from './misspelt-option.ts';
import { errorView, reportError } from './render/error.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs one command line and returns the process's exit code. Whatever goes wrong is reported on the terminal.
 *
 * @param folder whose config holds defaults
 */
export async function runCli(
  args: readonly string[],
  terminal: Terminal,
  folder: string = process.cwd(),
): Promise<number> {
  const quiet = { isOn: false };
  const program = await buildProgram(quietable(terminal, quiet), args);
  program.hook('preAction', () => {
    quiet.isOn = program.getOptionValue('quiet') === true;
  });
  const isJson = beforeDashes(args).includes('--json');
  const configured = tryConfig(folder);
  setUp(program, terminal, args, isJson);
  if ('config' in configured) applyConfig(program, configured.config);
  try {
    if ('error' in configured && needsConfig(args)) throw configured.error;
    await program.parseAsync(args, { from: 'user' });
    return program.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return ExitCode.OK;
      const message = usageMessage(error, program, args);
      if (isJson) reportError(terminal, { code: 'USAGE', message, exitCode: ExitCode.USAGE }, isJson);
      return ExitCode.USAGE;
    }
    const code = exitCodeFor(error);
    reportError(terminal, errorView(error, code), isJson);
    return code;
  }
}

/** Commander does not hand these down to commands that are added with `command()`. */
function setUp(
  command: CommandUnknownOpts,
  terminal: Terminal,
  args: readonly string[],
  isJson: boolean,
): void {
  const errors = isJson ? () => {} : (text: string): void => terminal.err(text);
  command
    .exitOverride()
    .showHelpAfterError('Run with --help for usage.')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: errors,
      getOutHelpWidth: () => helpWidth(terminal),
      getErrHelpWidth: () => helpWidth(terminal),
      outputError: (text, write) => {
        const root = rootOf(command);
        const misspelt = isAboutMissingOption(text) ? misspeltOptions(root, args) : '';
        write(misspelt === '' ? text : `${text}${misspelt}\n`);
      },
    });
  for (const child of command.commands) setUp(child, terminal, args, isJson);
}

/** Help is laid out in columns, which a file needs too. */
function helpWidth(terminal: Terminal): number {
  return Number.isFinite(terminal.width()) ? terminal.width() : 100;
}

function usageMessage(
  { code, message }: CommanderError,
  program: CommandUnknownOpts,
  args: readonly string[],
): string {
  if (code === 'commander.help') return 'A command is missing; --help lists them.';
  const misspelt = code === 'commander.missingMandatoryOptionValue' ? misspeltOptions(program, args) : '';
  return [message, misspelt]
    .filter((text) => text !== '')
    .map((text) => text.replace(/^error: /gm, ''))
    .join('\n');
}

function isAboutMissingOption(text: string): boolean {
  return text.startsWith('error: required option ');
}

function rootOf(command: CommandUnknownOpts): CommandUnknownOpts {
  return command.parent === null ? command : rootOf(command.parent);
}

/** The same terminal, silent on what is only a remark while `quiet` is on. */
function quietable(terminal: Terminal, quiet: { readonly isOn: boolean }): Terminal {
  return {
    ...terminal,
    note: (text) => {
      if (!quiet.isOn) terminal.note(text);
    },
    get redraws() {
      return terminal.redraws && !quiet.isOn;
    },
  };
}

function tryConfig(folder: string): { readonly config: Config } | { readonly error: unknown } {
  try {
    return { config: readConfig(folder) };
  } catch (error) {
    return { error };
  }
}

/** Help, the version and completion work beside a config that is broken. */
function needsConfig(args: readonly string[]): boolean {
  const isHelp = beforeDashes(args).some((arg) => ['-h', '--help', '-V', '--version'].includes(arg));
  return !isHelp && !['completion', '__complete', 'help', undefined].includes(args[0]);
}

function beforeDashes(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}
