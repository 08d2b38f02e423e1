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
