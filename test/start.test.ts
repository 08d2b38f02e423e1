import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { cp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedModules } from './loaded-modules.ts';
import { temporaryFolder } from './panelist-process.ts';

const run = promisify(execFile);
const root = (path: string): string => new URL(`../${path}`, import.meta.url).pathname;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let panelist = '';
let taskId = '';

/** Builds the published command line in a temporary folder, because concurrent tests use the sources. */
async function buildCommandLine(path: string): Promise<string> {
  const own = root('packages/panelist');
  await Promise.all([
    ...['bin', 'templates', 'package.json'].map((name) =>
      cp(join(own, name), join(path, name), { recursive: true }),
    ),
    symlink(root('node_modules'), join(path, 'node_modules')),
    run(root('node_modules/.bin/rolldown'), ['-c', '-d', join(path, 'dist/cli')], { cwd: own }),
  ]);
  await run(process.execPath, [root('scripts/publish-config.ts'), 'apply'], { cwd: path });
  return join(path, 'bin/panelist.js');
}

beforeAll(async () => {
  folder = await temporaryFolder();
  panelist = await buildCommandLine(folder.path);
  const { stdout } = await run(
    process.execPath,
    [
      ...[panelist, 'survey', 'deploy', root('examples/weekly-market.survey.json')],
      ...['--audience', root('examples/residents.csv'), '--model', 'simulator', '--json'],
    ],
    { cwd: folder.path },
  );
  ({ taskId } = JSON.parse(stdout));
  await writeFile(join(folder.path, 'panelist.config.json'), '{ "model": "simulator" }');
});

afterAll(() => folder[Symbol.asyncDispose]());

/** The files that a command loads, relative to the built package. */
function loaded(args: readonly string[]): ReturnType<typeof loadedModules> {
  const { urls, ...result } = loadedModules([panelist, ...args], folder.path);
  const base = `${pathToFileURL(realpathSync(folder.path))}/`;
  return { ...result, urls: urls.map((url) => url.replace(base, '')) };
}

const inPackage = /^(?:bin|dist)\/(?!.*node_modules)/;

describe('a command without a model', () => {
  it.each<[string, () => readonly string[], RegExp]>([
    ['--help', () => ['--help'], /Exit codes:/],
    ['--version', () => ['--version'], /^\d+\.\d+\.\d+\n$/],
    ['tasks', () => ['tasks'], /task_\w+.*\n {2}completed/],
    ['tasks show', () => ['tasks', 'show', taskId], /task_\w+.*\n {2}completed/],
    ['tasks resume --help', () => ['tasks', 'resume', '--help'], /task-id/],
  ])('loads a few bundled files and no other package: %s', (_, args, output) => {
    const { exitCode, out, err, urls } = loaded(args());
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(output);
    expect(urls.filter((url) => !inPackage.test(url))).toEqual([]);
    expect(urls).toContain('dist/cli/main.js');
    expect(urls.length).toBeLessThan(12);
  });

  it('does not include `results summary`, which loads survey-core', () => {
    const { exitCode, urls } = loaded(['results', 'summary', taskId]);
    expect(exitCode).toBe(0);
    expect(urls.some((url) => /\/survey-core\//.test(url))).toBe(true);
  });
});

it('finds the templates and its version from the bundle', async () => {
  await run(process.execPath, [panelist, 'init', 'new'], { cwd: folder.path });
  const checked = await run(process.execPath, [panelist, 'survey', 'check', 'new/survey.json'], {
    cwd: folder.path,
  });
  expect(checked.stdout).toContain('questions');
});
