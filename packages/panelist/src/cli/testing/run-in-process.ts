import { runCli } from '../program.ts';
import type { Terminal } from '../terminal.ts';

export interface Ran {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process, with a terminal that is not one. Paths must be absolute. */
export async function runInProcess(
  args: readonly string[],
  given: Partial<Terminal> = {},
  folder?: string,
): Promise<Ran> {
  const said = { out: '', err: '' };
  const terminal: Terminal = {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    note: (text) => {
      said.err += text;
    },
    paint: (stream, text) => {
      said[stream] += text;
    },
    colours: () => false,
    redraw: () => {},
    redraws: false,
    width: () => Number.POSITIVE_INFINITY,
    redrawWidth: () => 80,
    ...given,
  };
  const exitCode = await runCli(args, terminal, folder);
  return { exitCode, ...said };
}

export interface RunInFolderOptions {
  /** Where the command is run: relative paths are in it. */
  readonly cwd: string;
  /** Environment variables that it has besides this process's. @default none */
  readonly env?: Readonly<Record<string, string>>;
}

const running = new Set<object>();
const home = process.cwd();

/**
 * Runs one command line in this process as if it was started in `cwd`. Commands that run at the same time must be in one
 * folder, and have one environment.
 */
export async function runInFolder(
  args: readonly string[],
  { cwd, env = {} }: RunInFolderOptions,
): Promise<Ran> {
  const run = {};
  running.add(run);
  process.chdir(cwd);
  const before = new Map(Object.keys(env).map((name) => [name, process.env[name]]));
  Object.assign(process.env, env);
  try {
    return await runInProcess(args, {}, cwd);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    running.delete(run);
    if (running.size === 0) process.chdir(home);
  }
}
