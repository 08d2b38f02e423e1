import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../simulator/server.ts';
import { lunch } from './testing/lunch.ts';
import { type Ran, runInFolder } from './testing/run-in-process.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const EXAMPLES = new URL('../../../../examples/focus-group/', import.meta.url).pathname;

describe('panelist focus-group', () => {
  it.each([
    [
      'weekly-market',
      /How opinions changed, by the private polls before and after\n {2}How much are you/,
      /8 participants, 5 rounds: \d+ of \d+ replies/,
      '0 requests',
    ],
    ['community-canteen', /意见的变化/, /8 位参与者，5 轮：应有 \d+ 条回复，得到 \d+ 条/, '0 个请求'],
  ])('holds the example %s, and writes what was said', async (name, moved, counts, nothing) => {
    await using folder = await temporaryFolder();
    const run = ['focus-group', 'run', join(EXAMPLES, `${name}.guide.yaml`)];
    const first = await runInFolder(run, { cwd: folder.path });
    expect(first.exitCode, first.err).toBe(0);
    const file = (end: string): Promise<string> =>
      readFile(join(folder.path, `panelist-results/fg_${name}`, end), 'utf8');
    for (const end of ['transcript.md', 'transcript.csv', 'transcript.jsonl', 'report.html'])
      expect((await file(end)).length).toBeGreaterThan(2_000);
    expect(first.out).toMatch(moved);
    expect(first.out).toMatch(counts);
    const transcript = await file('transcript.jsonl');
    const again = await runInFolder(run, { cwd: folder.path });
    expect(again.out).toContain(nothing);
    expect(again.err).toContain('Held before');
    expect(await file('transcript.jsonl')).toBe(transcript);
  });

  it('shows, lists, exports, analyses and reports a group, in itself and as JSON', async () => {
    await using at = await lunch();
    await at.panelist('run', 'lunch.guide.yaml');
    expect((await at.panelist('list')).out).toContain(
      'lunch  Lunch\n  3 participants played by simulator; 2 rounds, 6 replies, 0 failed',
    );
    expect((await at.panelist('show', 'lunch')).out).toMatch(
      /^Lunch\nSynthetic data:.*\n\nRound 1 – Host: What is for lunch\?\nAda: /,
    );
    expect((await at.panelist('show', 'lunch', '--turns')).out).toMatch(/round-2: completed, 3 of 3 done/);
    expect(JSON.parse((await at.panelist('show', 'lunch', '--json')).out)).toMatchObject({
      title: 'Lunch',
      rounds: [{}, {}],
    });
    expect(JSON.parse((await at.panelist('list', '--json')).out)).toMatchObject([
      { group: 'lunch', rounds: 2, isOver: true },
    ]);
    const exported = await at.panelist('export', 'lunch', '--format', 'csv', '--out', 'deep/er/lunch.csv');
    expect(exported.exitCode, exported.err).toBe(0);
    expect(await readFile(join(at.path, 'deep/er/lunch.csv'), 'utf8')).toContain('What is for lunch?');
    expect(await at.panelist('export', 'lunch', '--out', '/proc/nowhere/lunch.md')).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('[FILE_NOT_WRITABLE]'),
    });
    expect((await at.panelist('analyse', 'lunch')).out).toContain('by counting keywords');
    const analysis = await at.panelist('analyse', 'lunch', '--themes', 'model', '--json');
    expect(JSON.parse(analysis.out)).toMatchObject({
      synthetic: true,
      themeMethod: { by: 'model', model: 'simulator' },
    });
    const report = await at.panelist('report', 'lunch', '--themes', 'model', '--out', 'lunch.html');
    expect(report.exitCode, report.err).toBe(0);
    expect(await readFile(join(at.path, 'lunch.html'), 'utf8')).toContain('Found by simulator.');
  });

  it('reckons what a group would take, and keeps nothing of it', async () => {
    await using at = await lunch();
    const shown = await at.panelist('run', 'lunch.guide.yaml', '--dry-run');
    expect(shown).toMatchObject({ exitCode: 0, out: expect.stringContaining('Calls: 6.') });
    expect(shown.out).toContain('What do you say, Ada?');
    const view = await at.panelist(
      'run',
      'lunch.guide.yaml',
      '--dry-run',
      '--json',
      '--model',
      'openai/gpt-5-mini',
    );
    expect(JSON.parse(view.out)).toMatchObject({
      dryRun: true,
      model: 'openai/gpt-5-mini',
      calls: { expected: 6 },
    });
    expect((await at.panelist('list')).err).toContain('There is no database');
  });

  it('tells which replies are missing, and asks again for them', async () => {
    await using at = await lunch();
    const broken = await startSimulator({ seed: 2, faults: { refusal: 0.6 } });
    const run = await at.panelist(
      'run',
      'lunch.guide.yaml',
      '--model',
      'openai-compatible/x',
      '--base-url',
      broken.url,
    );
    await broken.close();
    expect(run.exitCode, run.err).toBe(5);
    expect(run.err).toContain('panelist focus-group retry-failed lunch');
    const transcript = await readFile(join(at.path, 'panelist-results/fg_lunch/transcript.md'), 'utf8');
    expect(transcript).toContain('*(no reply: REPLY\\_UNUSABLE – ');

    const mended = await startSimulator({ seed: 2, port: Number(new URL(broken.url).port) });
    const again = await at.panelist('retry-failed', 'lunch');
    await mended.close();
    expect(again.exitCode, again.err).toBe(0);
    expect((await at.panelist('show', 'lunch')).out).not.toContain('no reply');
    expect((await at.panelist('list')).out).toContain('2 rounds, 6 replies, 0 failed');
  });

  it.each([
    [['run', 'nowhere.yaml'], 3, 'FILE_NOT_FOUND'],
    [['run', 'people.csv'], 3, 'GUIDE_INVALID'],
    [['run', 'lunch.guide.yaml', '--model', 'nobody/x'], 4, 'MODEL_UNKNOWN'],
    [['run', 'lunch.guide.yaml', '--group', '../x'], 2, 'USAGE'],
    [['run', 'lunch.guide.yaml', '--audience', 'none.csv'], 3, 'FILE_NOT_FOUND'],
    [['show', 'lunch'], 3, 'FILE_NOT_FOUND'],
  ])('%j ends with %d and says %s', async (args, exitCode, code) => {
    await using at = await lunch();
    expect(await at.panelist(...args)).toMatchObject({ exitCode, err: expect.stringContaining(`[${code}]`) });
  });

  it('ends with 4 where the model cannot be reached, and goes on when it can', async () => {
    await using at = await lunch();
    // So many that the throttle soon knows that it is an outage.
    const many = Array.from({ length: 20 }, (_, n) => `${n},P${n},${30 + n}\n`).join('');
    await writeFile(join(at.path, 'people.csv'), `id,name,age\n${many}`);
    const server = await startSimulator({ seed: 1 });
    const run = ['run', 'lunch.guide.yaml', '--model', 'openai-compatible/x', '--base-url', server.url];
    await server.close();
    const out = await at.panelist(...run);
    expect(out.exitCode, out.err).toBe(4);
    expect(out.err).toMatch(/All 20 items failed[\s\S]*Once that is fixed, run the same command again/);
    const back = await startSimulator({ seed: 1, port: Number(new URL(server.url).port) });
    const on = await at.panelist(...run);
    await back.close();
    expect(on.exitCode, on.err).toBe(0);
    expect(on.out).toContain('40 of 40 replies');
  });

  it('knows no group that there is not', async () => {
    await using at = await lunch();
    await at.panelist('run', 'lunch.guide.yaml');
    for (const args of [
      ['show', 'dinner'],
      ['say', 'dinner', 'Hi'],
      ['analyse', 'dinner'],
      ['export', 'dinner', '--out', 'x.md'],
    ])
      expect(await at.panelist(...args)).toMatchObject({
        exitCode: 2,
        err: expect.stringContaining('[GROUP_NOT_FOUND]'),
      });
    const [taskId = ''] = /task_\w+(?=\)\n$)/.exec((await at.panelist('show', 'lunch', '--turns')).out) ?? [];
    const results = await runInFolder(['results', 'summary', taskId], { cwd: at.path });
    expect(results).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('panelist focus-group export lunch'),
    });
  });

  it('stops at the budget, and goes on with a higher one', async () => {
    await using at = await lunch();
    const run = (tokens: string): Promise<Ran> =>
      at.panelist('run', 'lunch.guide.yaml', '--max-tokens', tokens);
    const stopped = await run('1500');
    expect(stopped.exitCode, stopped.err).toBe(6);
    expect(stopped.err).toContain('a higher --max-tokens');
    const on = await run('100000');
    expect(on.exitCode, on.err).toBe(0);
    expect(on.out).toContain('6 of 6 replies');
  });
});
