import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedModules } from './loaded-modules.ts';
import { PANELIST, runPanelist, temporaryFolder } from './panelist-process.ts';

/** They take longer to load than everything else together. */
const slowPackages = /\/node_modules\/(survey-core|zod|ai|@ai-sdk|undici)\//;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let taskId = '';
const example = (path: string): string => new URL(`../examples/${path}`, import.meta.url).pathname;

beforeAll(async () => {
  folder = await temporaryFolder();
  const { exitCode, out, err } = await runPanelist(
    [
      ...['survey', 'deploy', example('weekly-market.survey.json'), '--audience', example('residents.csv')],
      ...['--model', 'simulator', '--json'],
    ],
    { cwd: folder.path },
  );
  expect({ exitCode, err }).toMatchObject({ exitCode: 0 });
  ({ taskId } = JSON.parse(out));
});

afterAll(() => folder[Symbol.asyncDispose]());

describe('a command that asks no model', () => {
  it.each<[string, () => readonly string[], RegExp]>([
    ['--help', () => ['--help'], /Exit codes:/],
    ['--version', () => ['--version'], /^\d+\.\d+\.\d+\n$/],
    ['tasks', () => ['tasks'], /task_\w+.*\n {2}completed/],
    ['tasks show', () => ['tasks', 'show', taskId], /task_\w+.*\n {2}completed/],
    ['tasks resume --help', () => ['tasks', 'resume', '--help'], /task-id/],
  ])('loads neither survey-core nor zod nor an AI SDK: %s', (_, args, output) => {
    const { exitCode, out, err, urls } = loadedModules([PANELIST, ...args()], folder.path);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(output);
    expect(urls.filter((url) => slowPackages.test(url))).toEqual([]);
    // The list would be empty if the modules were not recorded.
    expect(urls.some((url) => url.endsWith('/cli/program.ts'))).toBe(true);
  });

  it('does not include `results summary`, which loads survey-core', () => {
    const { urls } = loadedModules([PANELIST, 'results', 'summary', taskId], folder.path);
    expect(urls.some((url) => slowPackages.test(url))).toBe(true);
  });
});
