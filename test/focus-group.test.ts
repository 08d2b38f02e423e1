import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../packages/panelist/src/simulator/server.ts';
import { type Finished, PanelistProcess, runPanelist, temporaryFolder } from './panelist-process.ts';

const EXAMPLES = new URL('../examples/focus-group/', import.meta.url).pathname;

const guide = `title: Lunch
model: simulator
seed: 1
participants:
  audience: people.csv
rounds:
  - message: What is for lunch?
  - message: And tomorrow?
`;
const people = 'id,name,age\n1,Ada,34\n2,Bo,67\n3,Cy,23\n';

async function lunch(): Promise<
  { path: string; panelist: (...args: string[]) => Promise<Finished> } & AsyncDisposable
> {
  const folder = await temporaryFolder();
  await writeFile(join(folder.path, 'lunch.guide.yaml'), guide);
  await writeFile(join(folder.path, 'people.csv'), people);
  return {
    path: folder.path,
    panelist: (...args) => runPanelist(['focus-group', ...args], { cwd: folder.path }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('panelist focus-group', () => {
  it.each([
    [
      'weekly-market',
      /What the talk moved, by the private polls before and after\n {2}How much are you/,
      /8 participants, 5 rounds: \d+ of \d+ replies/,
      '0 requests',
    ],
    ['community-canteen', /讨论改变了什么/, /8 位参与者，5 轮：应有 \d+ 条回复，得到 \d+ 条/, '0 个请求'],
  ])('holds the example %s, and writes what was said', async (name, moved, counts, nothing) => {
    await using folder = await temporaryFolder();
    const run = ['focus-group', 'run', join(EXAMPLES, `${name}.guide.yaml`)];
    const first = await runPanelist(run, { cwd: folder.path });
    expect(first.exitCode, first.err).toBe(0);
    const file = (end: string): Promise<string> =>
      readFile(join(folder.path, `panelist-results/fg_${name}`, end), 'utf8');
    for (const end of ['transcript.md', 'transcript.csv', 'transcript.jsonl', 'report.html'])
      expect((await file(end)).length).toBeGreaterThan(2_000);
    expect(first.out).toMatch(moved);
    expect(first.out).toMatch(counts);
    const transcript = await file('transcript.jsonl');
    const again = await runPanelist(run, { cwd: folder.path });
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

  it('makes one round of one message that two processes say at once', async () => {
    await using at = await lunch();
    await at.panelist('run', 'lunch.guide.yaml', '--model', 'simulator?latency=2500-3000');
    const said = await Promise.all([1, 2].map(() => at.panelist('say', 'lunch', 'Soup or salad?')));
    for (const { exitCode, out, err } of said) {
      expect(exitCode, err).toBe(0);
      expect(out).toMatch(/Round 3 – Host: Soup or salad\?/);
      for (const name of ['Ada', 'Bo', 'Cy']) expect(out).toContain(`\n${name}: `);
    }
    expect((await at.panelist('list')).out).toContain('3 rounds, 9 replies');
  });

  it('says something to some, polls, and chats line by line', async () => {
    await using at = await lunch();
    await at.panelist('run', 'lunch.guide.yaml');
    const said = await at.panelist('say', 'lunch', 'Why, you two?', '--to', 'ada', '3', '--mode', 'in-turn');
    expect(said.out.match(/^\w+: /gm)?.toSorted()).toEqual(['Ada: ', 'Cy: ']);
    expect(await at.panelist('say', 'lunch', 'Hi', '--to', 'Zed')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('There are: Ada, Bo, Cy.'),
    });
    const survey = { elements: [{ type: 'boolean', name: 'again', title: 'Would you come again?' }] };
    await writeFile(join(at.path, 'again.json'), JSON.stringify(survey));
    const poll = await at.panelist('poll', 'lunch', 'again.json');
    expect(poll.exitCode, poll.err).toBe(0);
    expect(poll.out).toContain('Would you come again?');
    const [taskId = ''] = /task_\w+/.exec(poll.err) ?? [];
    const results = await runPanelist(['results', 'summary', taskId], { cwd: at.path });
    expect(results.out).toContain('Would you come again?');

    const chat = new PanelistProcess(['focus-group', 'chat', 'lunch'], { cwd: at.path, stdin: 'pipe' });
    chat.types('Anything else?\n@bo and you?\n@zed?\n/who\n/hepl\n/help\n/quit\nnot said\n');
    const { exitCode, out, err } = await chat.finished;
    expect(exitCode, err).toBe(0);
    expect(out).toMatch(/Round 4 – Host: Anything else\?[\s\S]*Round 5 – Host to Bo: and you\?\nBo: /);
    expect(err).toContain('Nobody in the group is called "zed?"');
    expect(err).toContain('Ada, Bo, Cy\n');
    expect(err).toContain('There is no command /hepl, so nothing was sent. Did you mean /help?');
    expect(err).toContain('/undo  takes back the last message, while nobody has answered it');
    expect((await at.panelist('show', 'lunch')).out).not.toMatch(/not said|\/he/);
  });

  it('takes back a message that nobody has answered, and says the next one', async () => {
    await using at = await lunch();
    await at.panelist('run', 'lunch.guide.yaml', '--model', 'simulator?latency=1500-1600');
    const chat = new PanelistProcess(['focus-group', 'chat', 'lunch'], { cwd: at.path, stdin: 'pipe' });
    chat.writes('A slip\n');
    await chat.says(/Round 3 – Host: A slip/, 'out');
    chat.writes('Not this either\n/undo\n/undo\n');
    await chat.says(/Taken back, nobody had answered: A slip/);
    chat.writes('What else?\n');
    await chat.says(/What else\?\n(Ada|Bo|Cy): /, 'out');
    chat.types('/undo\n');
    const { exitCode, out, err } = await chat.finished;
    expect(exitCode, err).toBe(0);
    expect(err).toContain('Taken back, not sent: Not this either');
    expect(err).toContain('Too late to take it back: ');
    expect(out).toContain('Round 3 – Host: What else?');
    const { out: shown } = await at.panelist('show', 'lunch');
    expect(shown).toContain('Round 3 – Host: What else?');
    expect(shown).not.toMatch(/A slip|Not this/);
  });

  it('renews the files of a group whenever something was said or asked in it', async () => {
    await using at = await lunch();
    const file = (name: string): Promise<string> =>
      readFile(join(at.path, 'panelist-results/fg_lunch', name), 'utf8');
    await at.panelist('run', 'lunch.guide.yaml');
    await at.panelist('say', 'lunch', 'Why, Ada?', '--to', 'ada');
    expect(await file('transcript.md')).toContain('**Host to Ada:** Why, Ada?');
    expect(await file('report.html')).toContain('Host to Ada</div>');
    const [, row] = /^(3,.*)$/m.exec(await file('transcript.csv')) ?? [];
    expect(row).toMatch(/^3,said-\d+,host,Ada,/);

    const chat = new PanelistProcess(['focus-group', 'chat', 'lunch'], { cwd: at.path, stdin: 'pipe' });
    chat.types('And you, everybody?\n');
    expect((await chat.finished).err).toContain('Transcript and report are renewed in panelist-results');
    expect(await file('transcript.md')).toContain('**Host:** And you, everybody?');

    await writeFile(
      join(at.path, 'again.json'),
      '{"elements":[{"type":"boolean","name":"a","title":"Again?"}]}',
    );
    await rm(join(at.path, 'panelist-results/fg_lunch/report.html'));
    const poll = await at.panelist('poll', 'lunch', 'again.json');
    expect(poll.exitCode, poll.err).toBe(0);
    expect(await file('report.html')).toContain('And you, everybody?');

    // What somebody else wrote there is in the way before anything is asked.
    await writeFile(join(at.path, 'panelist-results/fg_lunch/transcript.md'), 'mine');
    const refused = await at.panelist('say', 'lunch', 'Not asked');
    expect(refused).toMatchObject({ exitCode: 3, err: expect.stringContaining('FILE_EXISTS') });
    expect((await at.panelist('show', 'lunch')).out).not.toContain('Not asked');
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
    const results = await runPanelist(['results', 'summary', taskId], { cwd: at.path });
    expect(results).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('panelist focus-group export lunch'),
    });
  });

  it('stops at Ctrl-C, keeps what was said, and goes on', async () => {
    await using at = await lunch();
    const command = ['focus-group', 'run', 'lunch.guide.yaml', '--model', 'simulator?latency=400-900'];
    const first = new PanelistProcess(command, { cwd: at.path });
    await first.says(/Round 1/, 'out');
    first.kill('SIGINT');
    const stopped = await first.finished;
    expect(stopped.exitCode, stopped.err).toBe(130);
    expect(stopped.err).toContain('To go on, run the same command again.');
    const second = await runPanelist(command, { cwd: at.path });
    expect(second.exitCode, second.err).toBe(0);
    expect(second.out).toContain('3 participants, 2 rounds: 6 of 6 replies');
  });

  it('stops at the budget, and goes on with a higher one', async () => {
    await using at = await lunch();
    const run = (tokens: string): Promise<Finished> =>
      at.panelist('run', 'lunch.guide.yaml', '--max-tokens', tokens);
    const stopped = await run('1500');
    expect(stopped.exitCode, stopped.err).toBe(6);
    expect(stopped.err).toContain('a higher --max-tokens');
    const on = await run('100000');
    expect(on.exitCode, on.err).toBe(0);
    expect(on.out).toContain('6 of 6 replies');
  });
});
