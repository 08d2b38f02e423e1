/** Where a command writes. Results go to `out`; progress, notes and errors to `err`, so that `> file` stays clean. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether `err` is a terminal on which a line can be redrawn. */
  readonly redraws: boolean;
  /** Columns. */
  width(): number;
}

export const processTerminal: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  redraws: process.stderr.isTTY === true,
  width: () => process.stderr.columns ?? process.stdout.columns ?? 80,
};
