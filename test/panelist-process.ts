import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';

export { temporaryFolder } from '../packages/panelist/src/cli/testing/temporary-folder.ts';

/** The folder of the built package. */
export const BUILT: string = inject('builtPanelist');

/** The program's file, for `node`. */
export const PANELIST: string = join(BUILT, 'bin/panelist.js');

export interface Finished {
  /** `null` if a signal ended the process. */
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

interface ProcessOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: 'ignore' | 'pipe';
  /** Maximum number of open files and connections, set by `ulimit -n`. @default that of this process */
  readonly openFiles?: number;
}

/** A `panelist` process, started like a user would. */
export class PanelistProcess {
  readonly #child: ChildProcess;
  readonly #said = { out: '', err: '' };
  readonly finished: Promise<Finished>;

  constructor(args: readonly string[], { cwd, env = {}, stdin = 'ignore', openFiles }: ProcessOptions) {
    const command = [process.execPath, PANELIST, ...args];
    const [file = '', ...rest] =
      openFiles === undefined
        ? command
        : ['bash', '-c', `ulimit -n ${openFiles}; exec "$0" "$@"`, ...command];
    const child = spawn(file, rest, {
      cwd,
      env: { ...withoutKeys(process.env), ...env },
      stdio: [stdin, 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
      this.#said.out += chunk;
    });
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      this.#said.err += chunk;
    });
    this.finished = once(child, 'close').then(([exitCode]) => ({
      exitCode: exitCode as number | null,
      ...this.#said,
    }));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** So far. */
  get said(): { readonly out: string; readonly err: string } {
    return this.#said;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Writes to its stdin. */
  writes(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** Writes to its stdin and closes it. */
  types(text: string): void {
    this.#child.stdin?.end(text);
  }

  /** Resolves when stderr (or stdout) matches `pattern`. */
  async says(pattern: RegExp, on: 'err' | 'out' = 'err'): Promise<void> {
    await this.finds(pattern, on);
  }

  /** As `says`; resolves to the match. */
  async finds(pattern: RegExp, on: 'err' | 'out'): Promise<RegExpExecArray> {
    const stream = on === 'err' ? this.#child.stderr : this.#child.stdout;
    for (;;) {
      const found = pattern.exec(this.#said[on]);
      if (found !== null) return found;
      const ended = await Promise.race([
        once(stream!, 'data').then(() => false),
        this.finished.then(() => true),
      ]);
      if (ended && !pattern.test(this.#said[on]))
        throw new Error(`Never said ${pattern}; it said: ${this.#said.out}${this.#said.err}`);
    }
  }

  /** Resolves when `condition`, checked every 10 ms, is true; rejects if the process ends before. */
  async until(condition: () => boolean): Promise<void> {
    let ended = false;
    void this.finished.then(() => {
      ended = true;
    });
    while (!condition()) {
      if (ended) throw new Error(`It ended too early; it said: ${this.#said.out}${this.#said.err}`);
      await sleep(10);
    }
  }
}

export function runPanelist(args: readonly string[], options: ProcessOptions): Promise<Finished> {
  return new PanelistProcess(args, options).finished;
}

function withoutKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/API_KEY|BASE_URL|_PROXY/i.test(name)));
}
