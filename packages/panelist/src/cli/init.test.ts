import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ran, runInProcess } from './testing/run-in-process.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-init-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const names = ['audience.csv', 'focus-group.guide.yaml', 'panelist.config.json', 'survey.json'];

describe('panelist init', () => {
  it('writes files with which everything runs', async () => {
    const at = join(folder, 'new', 'project');
    const path = (name: string): string => join(at, name);
    const run = (...args: string[]): Promise<Ran> => runInProcess(args, {}, at);
    const made = await run('init', at);
    expect(made.exitCode, made.err).toBe(0);
    expect((await readdir(at)).sort()).toEqual(names);
    const check = await run('survey', 'check', path('survey.json'));
    expect(check).toMatchObject({ exitCode: 0, out: expect.stringContaining('No warnings') });
    const database = ['--database', path('panelist.db')];
    const audience = ['--audience', path('audience.csv'), '--out', path('survey')];
    const deployed = await run('survey', 'deploy', path('survey.json'), ...audience, ...database);
    expect(deployed.exitCode, deployed.err).toBe(0);
    expect(deployed.out).toContain('8 of 8 respondents interviewed, 0 failed');
    const guide = ['focus-group', 'run', path('focus-group.guide.yaml'), '--out', path('group')];
    const held = await run(...guide, ...database);
    expect(held.exitCode, held.err).toBe(0);
    expect(held.out).toContain('6 participants');
  });

  it('overwrites nothing, and writes nothing beside what is there', async () => {
    await writeFile(join(folder, 'audience.csv'), 'mine');
    const made = await runInProcess(['init', folder], {}, folder);
    expect(made).toMatchObject({ exitCode: 3, err: expect.stringMatching(/\[FILE_EXISTS\].*audience\.csv/) });
    expect(await readdir(folder)).toEqual(['audience.csv']);
    expect(await readFile(join(folder, 'audience.csv'), 'utf8')).toBe('mine');
  });
});
