import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the published command line is built, once for all tests. */
    readonly builtPanelist: string;
  }
}

const run = promisify(execFile);
const root = (path: string): string => new URL(`../${path}`, import.meta.url).pathname;

/**
 * Builds the published command line, with the page that it serves, in a temporary folder: it starts in less time than the sources, and is what users run.
 * The tests of whole programs run it.
 */
export default async function buildCommandLine(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'panelist-build-'));
  const own = root('packages/panelist');
  await Promise.all([
    ...['bin', 'templates', 'package.json'].map((name) =>
      cp(join(own, name), join(folder, name), { recursive: true }),
    ),
    symlink(root('node_modules'), join(folder, 'node_modules')),
    run(root('node_modules/.bin/rolldown'), ['-c', '-d', join(folder, 'dist/cli')], { cwd: own }),
    run(root('node_modules/.bin/vite'), ['build', '--outDir', join(folder, 'dist/page')], {
      cwd: root('packages/dashboard'),
      // The test runner's own would make React's development build of it.
      env: { ...process.env, NODE_ENV: 'production' },
    }),
    run(
      root('node_modules/.bin/vite'),
      ['build', '-c', 'vite.bundle.config.ts', '--outDir', join(folder, 'dist/bundle')],
      { cwd: root('packages/dashboard') },
    ),
  ]);
  await run(process.execPath, [root('scripts/publish-config.ts'), 'apply'], { cwd: folder });
  project.provide('builtPanelist', folder);
  return () => rm(folder, { recursive: true });
}
