import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const MAIN = new URL('../packages/panelist/src/cli/main.ts', import.meta.url).pathname;

export interface Finished {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

/** One `panelist` process, as a user would start it. */
export class PanelistProcess {
  readonly #child: ChildProcess;
  #err = '';
  readonly finished: Promise<Finished>;

  constructor(
    args: readonly string[],
    { cwd, env = {} }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
  ) {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd,
      env: { ...withoutKeys(process.env), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.#err += chunk;
    });
    const out = text(child.stdout);
    this.finished = once(child, 'close').then(async ([exitCode]) => ({
      exitCode: exitCode as number | null,
      out: await out,
      err: this.#err,
    }));
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when stderr holds what `pattern` matches. */
  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#err)) {
      const ended = await Promise.race([
        once(this.#child.stderr!, 'data').then(() => false),
        this.finished.then(() => true),
      ]);
      if (ended && !pattern.test(this.#err)) throw new Error(`Never said ${pattern}; it said: ${this.#err}`);
    }
  }
}

export function runPanelist(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Finished> {
  return new PanelistProcess(args, options).finished;
}

/** A folder of its own, gone at the end of the test. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'panelist-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function withoutKeys(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/API_KEY|BASE_URL/.test(name)));
}
