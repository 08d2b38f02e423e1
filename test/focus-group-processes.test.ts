import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lunch } from '../packages/panelist/src/cli/testing/lunch.ts';
import { runInFolder } from '../packages/panelist/src/cli/testing/run-in-process.ts';
import { completion, serveLocally } from '../packages/panelist/src/models/testing/local-server.ts';
import { PanelistProcess, runPanelist } from './panelist-process.ts';

describe('processes of panelist focus-group', () => {
  it('makes one round of a message that two processes say at once', async () => {
    await using at = await lunch();
    const released = Promise.withResolvers<void>();
    let isHeld = false;
    const url = await serveLocally(async (_, response) => {
      if (isHeld) await released.promise;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(completion({ content: 'Soup, as on every Monday.' })));
    });
    await at.panelist('run', 'lunch.guide.yaml', '--model', 'openai-compatible/m', '--base-url', `${url}/v1`);
    isHeld = true;
    const processes = [1, 2].map(
      () => new PanelistProcess(['focus-group', 'say', 'lunch', 'Soup or salad?'], { cwd: at.path }),
    );
    await Promise.all(processes.map((each) => each.says(/Round 3 – Host: Soup or salad\?/, 'out')));
    released.resolve();
    const said = await Promise.all(processes.map(({ finished }) => finished));
    for (const { exitCode, out, err } of said) {
      expect(exitCode, err).toBe(0);
      for (const name of ['Ada', 'Bo', 'Cy']) expect(out).toContain(`\n${name}: `);
    }
    expect((await at.panelist('list')).out).toContain('3 rounds, 9 replies');
  });

  it('addresses some participants, polls, and chats line by line', async () => {
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
    const results = await runInFolder(['results', 'summary', taskId], { cwd: at.path });
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

  it('takes back an unanswered message, and sends the next one', async () => {
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

  it('updates the files of a group after each message and poll', async () => {
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

    // A foreign file there is reported before the first call.
    await writeFile(join(at.path, 'panelist-results/fg_lunch/transcript.md'), 'mine');
    const refused = await at.panelist('say', 'lunch', 'Not asked');
    expect(refused).toMatchObject({ exitCode: 3, err: expect.stringContaining('FILE_EXISTS') });
    expect((await at.panelist('show', 'lunch')).out).not.toContain('Not asked');
  });

  it('stops on Ctrl-C, keeps the replies, and continues', async () => {
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
});
