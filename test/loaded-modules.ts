import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs in the process before anything else: notes each module, and at its end writes the list to a file. */
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
  /** The URLs of all modules that were loaded from files, not those that are part of Node. */
  readonly urls: readonly string[];
}

/** Runs `node` with these arguments, and lists the modules that it loads. */
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
