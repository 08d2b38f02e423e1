import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from './panelist-process.ts';

const run = promisify(execFile);

it('a checkout in a folder with a space and a letter of no ASCII is started and built', async () => {
  await using folder = await temporaryFolder();
  const checkout = join(folder.path, 'my ü');
  // Each program is one that only says how it was called.
  const files = {
    'package.json': '{ "type": "module" }',
    'packages/panelist/package.json': '{ "type": "module" }',
    'packages/panelist/templates/survey.json': '{}',
    'packages/panelist/bin/panelist.js': 'console.log("called with", ...process.argv.slice(2));',
    'packages/panelist/dist/page/index.html': '',
    'packages/dashboard/package.json': '{}',
    'node_modules/.bin/rolldown': '#!/bin/sh\n',
    'node_modules/.bin/vite': '#!/bin/sh\n',
    'scripts/publish-config.ts': '',
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(checkout, path)), { recursive: true });
    await writeFile(join(checkout, path), text);
  }
  for (const name of ['rolldown', 'vite']) await chmod(join(checkout, 'node_modules/.bin', name), 0o755);
  const scripts = fileURLToPath(new URL('../scripts/', import.meta.url));
  for (const name of ['start.ts', 'build-package.ts'])
    await copyFile(join(scripts, name), join(checkout, 'scripts', name));

  const { stdout } = await run(process.execPath, [join(checkout, 'scripts/start.ts'), '--port', '0']);
  expect(stdout).toMatch(/called with serve --open .*--port 0/);

  const script = pathToFileURL(join(checkout, 'scripts/build-package.ts'));
  const build = `const { buildPackage } = await import(${JSON.stringify(script)}); await buildPackage('out');`;
  await mkdir(join(folder.path, 'out'));
  await run(process.execPath, ['--input-type=module', '-e', build], { cwd: folder.path });
  expect((await readdir(join(folder.path, 'out'))).sort()).toEqual([
    ...['bin', 'node_modules', 'package.json', 'templates'],
  ]);
});
