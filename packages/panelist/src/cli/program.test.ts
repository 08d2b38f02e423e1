import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { paintable } from './terminal.ts';
import { project } from './testing/project.ts';
import { runInProcess } from './testing/run-in-process.ts';

describe('errors', () => {
  it('are one line of JSON on stderr with --json', async () => {
    const missing = await runInProcess(['tasks', 'show', 'x', '--json', '--database', '/nowhere/p.db']);
    expect(missing).toMatchObject({ exitCode: 3, out: '' });
    expect(JSON.parse(missing.err)).toEqual({
      error: { code: 'FILE_NOT_FOUND', exitCode: 3, message: expect.stringContaining('/nowhere/p.db') },
    });
    const usage = await runInProcess(['survey', 'deploy', 's.json', '--json', '--modle', 'simulator']);
    expect(usage).toMatchObject({ exitCode: 2, out: '' });
    expect(JSON.parse(usage.err)).toMatchObject({
      error: { code: 'USAGE', exitCode: 2, message: expect.stringMatching(/^required option .*\n.*--modle/) },
    });
    expect(usage.err.trim().split('\n')).toHaveLength(1);
  });

  it('are for people where --json is an argument', async () => {
    const ran = await runInProcess([
      'focus-group',
      'say',
      'g',
      '--database',
      '/nowhere/p.db',
      '--',
      '--json',
    ]);
    expect(ran.err).toMatch(/^Error \[FILE_NOT_FOUND\]: /);
  });

  it('say what was meant beside a missing option', async () => {
    const ran = await runInProcess([
      'survey',
      'deploy',
      's.json',
      '--model',
      'simulator',
      '--audiance',
      'p.csv',
    ]);
    expect(ran.err).toContain("error: required option '--audience <file>' not specified\n");
    expect(ran.err).toContain("error: unknown option '--audiance' (Did you mean --audience?)\n");
    const rightly = await runInProcess([
      'survey',
      'deploy',
      's.json',
      '--model',
      'simulator',
      '--seed',
      '--x',
    ]);
    expect(rightly.err).not.toContain('Did you mean');
    const correct = await runInProcess(['survey', 'deploy', 's.json', '--model', 'simulator']);
    expect(correct.err).not.toContain('unknown option');
  });
});

describe('--quiet', () => {
  it('leaves results and errors, and no progress or remark', async () => {
    await using at = await project();
    const out = ['--out', at.path('q.csv')];
    expect((await at.run('results', 'export', 'last', ...out)).err).toContain('Wrote');
    expect(await at.run('results', 'export', 'last', ...out, '--quiet')).toEqual({
      exitCode: 0,
      out: '',
      err: '',
    });
    const fresh = await at.run('-q', ...at.deploy, '--fresh');
    expect(fresh.err).toBe('');
    expect(fresh.out).toContain('Do you drink tea?');
    expect((await at.run('results', 'summary', 'nobody', '-q')).err).toContain('[TASK_NOT_FOUND]');
  });
});

describe('colours', () => {
  it('are in results and errors where the terminal has them, and nowhere else', async () => {
    await using at = await project();
    const summary = ['results', 'summary', at.taskId, '--database', at.path('panelist.db')];
    const plain = await runInProcess(summary);
    const coloured = await runInProcess(summary, { colours: () => true });
    expect(plain.out).not.toContain('\u001b');
    expect(coloured.out).toContain('\u001b[1mDo you drink tea?\u001b[22m');
    expect(stripVTControlCharacters(coloured.out)).toBe(plain.out);
    const error = await runInProcess(['tasks', 'show', 'x', '--database', '/nowhere'], {
      colours: () => true,
    });
    expect(error.err.startsWith('\u001b[31mError\u001b[39m [FILE_NOT_FOUND]')).toBe(true);
  });

  it('are the only codes that reach a terminal', () => {
    expect(paintable('literal \\u001b[1m')).toBe('literal \\u001b[1m');
    expect(paintable('\u001b[1mbold\u001b[22m \u001b[2Jcleared \u001b[8mhidden \u202eturned')).toBe(
      '\u001b[1mbold\u001b[22m \\u001b[2Jcleared \\u001b[8mhidden \\u202eturned',
    );
  });
});
