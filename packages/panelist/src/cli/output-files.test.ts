import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Project, project } from './testing/project.ts';

/** Every command that writes one file, with an ending of its own. */
const writers: readonly (readonly [ending: string, args: (at: Project) => string[]])[] = [
  ['csv', ({ taskId }) => ['results', 'export', taskId]],
  ['jsonl', ({ taskId }) => ['results', 'export', taskId, '--shape', 'long']],
  ['parquet', ({ taskId }) => ['results', 'export', taskId]],
  ['html', ({ taskId }) => ['results', 'report', taskId]],
  ['md', () => ['focus-group', 'export', 'lunch']],
  ['csv', () => ['focus-group', 'export', 'lunch']],
  ['jsonl', () => ['focus-group', 'export', 'lunch']],
  ['html', () => ['focus-group', 'report', 'lunch']],
  [
    'jsonl',
    ({ path }) => ['audience', 'sample', '--from', path('people.csv'), '--size', '1', '--by', 'name'],
  ],
];

const startOf: Readonly<Record<string, RegExp>> = {
  csv: /^\ufeff\w+,/,
  jsonl: /^\{"/,
  parquet: /^PAR1/,
  html: /^<!doctype html>/i,
  md: /^# /,
};

describe('files that commands write', () => {
  it('hold what their ending says, are renewed, and overwrite nothing that is not ours', async () => {
    await using at = await project();
    for (const [number, [ending, args]] of writers.entries()) {
      const path = at.path(`out-${number}.${ending}`);
      const command = [...args(at), '--out', path];
      const first = await at.run(...command);
      expect(first.exitCode, first.err).toBe(0);
      expect(await readFile(path, 'utf8')).toMatch(startOf[ending] as RegExp);
      const again = await at.run(...command);
      expect(again.exitCode, again.err).toBe(0);
      await writeFile(path, 'mine');
      expect(await at.run(...command)).toMatchObject({
        exitCode: 3,
        err: expect.stringMatching(/\[FILE_EXISTS\].*out-.*--force/s),
      });
      expect(await readFile(path, 'utf8')).toBe('mine');
      const forced = await at.run(...command, '--force');
      expect(forced.exitCode, forced.err).toBe(0);
      expect(await readFile(path, 'utf8')).toMatch(startOf[ending] as RegExp);
      expect(await at.run(...args(at), '--out', `${path}.pdf`)).toMatchObject({
        exitCode: 2,
        err: expect.stringContaining('[OUTPUT_FORMAT]'),
      });
    }
  });

  it('are an error where ending and --format disagree', async () => {
    await using at = await project();
    const table = ['results', 'export', at.taskId, '--format', 'csv', '--out', at.path('x.parquet')];
    const transcript = ['focus-group', 'export', 'lunch', '--format', 'md', '--out', at.path('x.csv')];
    for (const command of [table, transcript])
      expect(await at.run(...command)).toMatchObject({
        exitCode: 2,
        err: expect.stringContaining('[OUTPUT_FORMAT]'),
      });
  });

  it('leave a codebook alone that is not ours, and write nothing beside it', async () => {
    await using at = await project();
    await writeFile(at.path('out.codebook.csv'), 'mine');
    const exported = await at.run('results', 'export', at.taskId, '--out', at.path('out.csv'));
    expect(exported).toMatchObject({ exitCode: 3, err: expect.stringContaining('out.codebook.csv') });
    await expect(readFile(at.path('out.csv'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('of a folder are renewed by the same command, but for one that was edited', async () => {
    await using at = await project();
    const answers = join(at.path('survey'), 'answers.csv');
    expect((await at.run(...at.deploy)).exitCode).toBe(0);
    await writeFile(answers, 'mine');
    const again = await at.run(...at.deploy);
    expect(again).toMatchObject({ exitCode: 3, err: expect.stringMatching(/\[FILE_EXISTS\].*answers\.csv/) });
    expect(again.out).toBe('');
    expect(await readFile(answers, 'utf8')).toBe('mine');
    expect((await at.run(...at.deploy, '--force')).exitCode).toBe(0);

    await writeFile(join(at.path('group'), 'transcript.md'), 'mine');
    expect(await at.run(...at.hold)).toMatchObject({
      exitCode: 3,
      err: expect.stringMatching(/\[FILE_EXISTS\].*transcript\.md/),
    });
    expect((await at.run(...at.hold, '--force')).exitCode).toBe(0);
  });

  it('are looked at before anything is asked', async () => {
    await using at = await project();
    const fresh = [...at.deploy, '--fresh', '--out', at.path('.')];
    await writeFile(at.path('answers.jsonl'), 'mine');
    expect(await at.run(...fresh)).toMatchObject({
      exitCode: 3,
      err: expect.not.stringContaining('Deploying'),
    });
    expect(await at.run(...at.deploy, '--out', at.path('answers.csv'))).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('looks like a file'),
    });
  });
});
