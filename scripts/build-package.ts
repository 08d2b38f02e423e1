import { execFile } from 'node:child_process';
import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Builds the published command line, with the page that it serves, in a folder: it starts in less time than the sources,
 * takes less memory, and is what users run. Tests of whole programs and benchmarks run it, as `bin/panelist.js` of the folder.
 */
export async function buildPackage(folder: string): Promise<void> {
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
}
