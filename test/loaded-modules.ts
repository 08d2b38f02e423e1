import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs first in the process: records each module, and writes the list to a file when the process exits. */
const recordModules = `
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
const urls = [];
registerHooks({
  load(url, context, nextLoad) {
    urls.push(url);
    return nextLoad(url, context);
  },
});
process.on('exit', () => writeFileSync(process.env.LOADED_MODULES, JSON.stringify(urls)));
`;

export interface LoadedModules {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
  /** The URLs of all modules loaded from files, without Node's built-in ones. */
  readonly urls: readonly string[];
}

/** Runs `node` with these arguments, and lists the loaded modules. */
export function loadedModules(args: readonly string[], cwd: string): LoadedModules {
  const list = join(tmpdir(), `loaded-modules-${process.pid}-${performance.now()}.json`);
  try {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(recordModules)}`, ...args],
      { cwd, env: { ...process.env, LOADED_MODULES: list }, encoding: 'utf8' },
    );
    const urls = JSON.parse(readFileSync(list, 'utf8')) as string[];
    return {
      exitCode: status,
      out: stdout,
      err: stderr,
      urls: urls.filter((url) => url.startsWith('file:')),
    };
  } finally {
    rmSync(list, { force: true });
  }
}
