import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedModules } from './loaded-modules.ts';
import { BUILT, PANELIST, temporaryFolder } from './panelist-process.ts';

const run = promisify(execFile);
const root = (path: string): string => new URL(`../${path}`, import.meta.url).pathname;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let taskId = '';

beforeAll(async () => {
  folder = await temporaryFolder();
  const { stdout } = await run(
    process.execPath,
    [
      ...[PANELIST, 'survey', 'deploy', root('examples/weekly-market.survey.json')],
      ...['--audience', root('examples/residents.csv'), '--limit', '3', '--model', 'simulator', '--json'],
    ],
    { cwd: folder.path },
  );
  ({ taskId } = JSON.parse(stdout));
  await writeFile(join(folder.path, 'panelist.config.json'), '{ "model": "simulator" }');
});

afterAll(() => folder[Symbol.asyncDispose]());

/** The files that a command loads, relative to the built package. */
function loaded(args: readonly string[]): ReturnType<typeof loadedModules> {
  const { urls, ...result } = loadedModules([PANELIST, ...args], folder.path);
  const base = `${pathToFileURL(realpathSync(BUILT))}/`;
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

it('runs from the sources, without a build', async () => {
  const version = async (program: string): Promise<string> =>
    (await run(process.execPath, [program, '--version'])).stdout;
  expect(await version(root('packages/panelist/bin/panelist.js'))).toBe(await version(PANELIST));
});

it('finds the templates and its version from the bundle', async () => {
  await run(process.execPath, [PANELIST, 'init', 'new'], { cwd: folder.path });
  const checked = await run(process.execPath, [PANELIST, 'survey', 'check', 'new/survey.json'], {
    cwd: folder.path,
  });
  expect(checked.stdout).toContain('questions');
});
