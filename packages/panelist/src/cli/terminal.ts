import { createInterface } from 'node:readline';
import { styleText } from 'node:util';
import { printable } from '../text/printable.ts';

/** Where a command writes. Results go to `out`; progress, notes and errors to `err`, so that `> file` stays clean. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Progress and remarks on `err`, which `--quiet` leaves out. */
  note(text: string): void;
  /** Text with colours of ours. What comes from files, models or the network must have been made safe in it. */
  paint(stream: 'out' | 'err', text: string): void;
  /** Whether that stream shows colours: a terminal that can, unless `NO_COLOR` or `FORCE_COLOR` says otherwise. */
  colours(stream: 'out' | 'err'): boolean;
  /** Puts `line` in the place of the last line of `err`. Only where `redraws`. */
  redraw(line: string): void;
  /** Whether `err` is a terminal on which a line can be redrawn. */
  readonly redraws: boolean;
  /** Columns of `out`, to which texts are wrapped; `Infinity` for a file or a pipe, where nothing is. */
  width(): number;
  /** Columns for `redraw`. */
  redrawWidth(): number;
  /** Asks a question that is answered by yes or no; absent where nobody is there to answer. */
  confirm?(question: string): Promise<boolean>;
}

/**
 * How wide a stream is: the variable `COLUMNS`, where somebody has set it, or what the terminal says; `undefined` for a
 * file or a pipe.
 */
export function columnsOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: NodeJS.ProcessEnv,
): number | undefined {
  if (/^[1-9]\d{0,5}$/.test(env.COLUMNS ?? '')) return Number(env.COLUMNS);
  return stream.isTTY ? stream.columns || 80 : undefined;
}

const ESCAPE = '\u001b';
/** The codes of bold, dim, red and cyan, and those that end them: all that we use. */
const OUR_COLOURS = new RegExp(`(${ESCAPE}\\[(?:1|2|22|31|36|39)m)`);

/** As `printable`, but leaves our colours as they are. */
export function paintable(text: string): string {
  const parts = text.split(OUR_COLOURS);
  return parts.map((part, place) => (place % 2 === 1 ? part : printable(part))).join('');
}

const CLEAR_LINE = `\r${ESCAPE}[K`;

const streams = { out: process.stdout, err: process.stderr };

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(printable(text)),
  err: (text) => void process.stderr.write(printable(text)),
  note: (text) => void process.stderr.write(printable(text)),
  paint: (stream, text) => void streams[stream].write(paintable(text)),
  colours: (stream) => styleText('bold', 'x', { stream: streams[stream] }) !== 'x',
  redraw: (line) => void process.stderr.write(`${CLEAR_LINE}${printable(line)}`),
  redraws: process.stderr.isTTY === true,
  width: () => columnsOf(process.stdout, process.env) ?? Number.POSITIVE_INFINITY,
  redrawWidth: () => columnsOf(process.stderr, process.env) ?? 80,
  ...(process.stdin.isTTY && process.stderr.isTTY && { confirm: askOnTerminal }),
};

/** Anything but yes is no, Ctrl-C and Ctrl-D too. */
function askOnTerminal(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  let answer: string | undefined;
  return new Promise((resolve) => {
    lines.on('SIGINT', () => lines.close());
    lines.on('close', () => {
      if (answer === undefined) process.stderr.write('\n');
      resolve(/^\s*y(es)?\s*$/i.test(answer ?? ''));
    });
    lines.question(`${printable(question)} [y/N] `, (text) => {
      answer = text;
      lines.close();
    });
  });
}
