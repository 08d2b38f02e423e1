import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../packages/panelist/src/simulator/server.ts';
import { PanelistProcess, runPanelist, temporaryFolder } from './panelist-process.ts';

const SURVEY = new URL('../examples/weekly-market.survey.json', import.meta.url).pathname;

async function audienceFile(folder: string, people: number): Promise<string> {
  const path = join(folder, 'people.csv');
  const rows = Array.from({ length: people }, (_, index) => `P${index},${18 + index}`);
  await writeFile(path, `id,age\n${rows.join('\n')}\n`);
  return path;
}

function deploy(audience: string, ...more: string[]): string[] {
  return ['survey', 'deploy', SURVEY, '--audience', audience, ...more];
}

/** A loopback port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('panelist survey deploy', () => {
  it('interviews everybody, shows distributions, writes files, and makes no call the second time', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ seed: 3 });
    const command = [
      ...deploy(await audienceFile(folder.path, 12), '--model', 'openai-compatible/simulator'),
      ...['--base-url', simulator.url, '--json'],
    ];
    const first = await runPanelist(command, { cwd: folder.path });
    expect(first.exitCode, first.err).toBe(0);
    const result = JSON.parse(first.out);
    expect(result).toMatchObject({ status: 'completed', totalCount: 12, successCount: 12, synthetic: true });
    expect(result.tabulation.questions[0].n).toBe(12);
    const csv = await readFile(join(folder.path, result.files[0]), 'utf8');
    expect(csv.trim().split('\n')).toHaveLength(13);
    const { total } = simulator.requests();
    expect(total).toBe(result.usage.requests);

    const second = await runPanelist(command, { cwd: folder.path });
    expect(JSON.parse(second.out)).toMatchObject({ taskId: result.taskId, usage: { requests: 0 } });
    expect(second.err).toContain('Finished before');
    expect(simulator.requests().total).toBe(total);

    const fresh = await runPanelist([...command, '--fresh'], { cwd: folder.path });
    expect(JSON.parse(fresh.out).taskId).not.toBe(result.taskId);
    expect(simulator.requests().total).toBe(2 * total);
    await simulator.close();
  });

  it('shows the results where a file that was edited cannot be renewed, and says so', async () => {
    await using folder = await temporaryFolder();
    const command = deploy(await audienceFile(folder.path, 2), '--model', 'simulator');
    const first = await runPanelist([...command, '--json'], { cwd: folder.path });
    const [csv] = JSON.parse(first.out).files;
    await writeFile(join(folder.path, csv), 'mine');
    const again = await runPanelist(command, { cwd: folder.path });
    expect(again).toMatchObject({ exitCode: 3, err: expect.stringMatching(/\[FILE_EXISTS\].*answers\.csv/) });
    expect(again.out).toContain('How interested are you in a weekly market?');
    expect(await readFile(join(folder.path, csv), 'utf8')).toBe('mine');
  });

  it('joins a run that is under way: one run, both finish with the same answers', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ seed: 3, latency: { minMs: 100, maxMs: 200 } });
    const command = [
      ...deploy(await audienceFile(folder.path, 30), '--model', 'openai-compatible/simulator'),
      ...['--base-url', simulator.url, '--json', '--max-concurrency', '5'],
    ];
    const both = await Promise.all([
      runPanelist([...command, '--out', 'a'], { cwd: folder.path }),
      runPanelist([...command, '--out', 'b'], { cwd: folder.path }),
    ]);
    const [a, b] = both.map(({ exitCode, out, err }) => {
      expect(exitCode, err).toBe(0);
      return JSON.parse(out);
    });
    expect(a.taskId).toBe(b.taskId);
    expect(both.map(({ err }) => /^(Deploying|Joining)/m.exec(err)?.[1]).sort()).toEqual([
      'Deploying',
      'Joining',
    ]);
    for (const { succeeded } of simulator.requests().requests) expect(succeeded).toBe(1);
    expect(await readFile(join(folder.path, 'a/answers.csv'))).toEqual(
      await readFile(join(folder.path, 'b/answers.csv')),
    );
    await simulator.close();
  });

  it('says that it goes on where nobody runs it, how many replies are stored, and counts interviews', async () => {
    await using folder = await temporaryFolder();
    const slow = await startSimulator({ seed: 3, latency: { minMs: 30, maxMs: 30 } });
    const { port } = slow;
    const command = [
      ...deploy(await audienceFile(folder.path, 20), '--model', 'openai-compatible/simulator'),
      ...['--base-url', slow.url, '--ask', 'question', '--replicates', '3', '--max-concurrency', '60'],
    ];
    const first = new PanelistProcess(command, { cwd: folder.path });
    await first.says(/Deploying .* to 60 interviews \(20 respondents × 3\), played by/);
    while (slow.requests().requests.filter(({ succeeded }) => succeeded > 0).length < 130)
      await new Promise((resolve) => setImmediate(resolve));
    first.kill('SIGKILL');
    await first.finished;
    await slow.close();

    const simulator = await startSimulator({ seed: 3, port });
    const second = await runPanelist(command, { cwd: folder.path });
    expect(second.exitCode, second.err).toBe(0);
    const [, done, replies] =
      /Going on with .* (\d+) of 60 interviews are done, and (\d+) replies/.exec(second.err) ?? [];
    expect(Number(replies), second.err).toBeGreaterThan(60);
    expect(Number(done)).toBeLessThan(60);
    expect(second.out).toContain(`${replies} answers from the store`);
    expect(second.out).toContain('60 of 60 interviews held (20 respondents × 3), 0 failed');
    expect(second.err).not.toContain('Joining');
    await simulator.close();
  });

  it('drains on Ctrl-C, says how to go on, and goes on', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ seed: 3, latency: { minMs: 100, maxMs: 200 } });
    const command = [
      ...deploy(await audienceFile(folder.path, 40), '--model', 'openai-compatible/simulator'),
      ...['--base-url', simulator.url, '--max-concurrency', '4'],
    ];
    const process = new PanelistProcess(command, { cwd: folder.path });
    await process.says(/Deploying/);
    process.kill('SIGINT');
    await process.says(/letting the calls in flight finish/);
    const { exitCode, err } = await process.finished;
    expect(exitCode).toBe(130);
    const taskId = /panelist tasks resume (task_\w+)/.exec(err)?.[1] ?? '';
    const shown = await runPanelist(['tasks', 'show', taskId, '--json'], { cwd: folder.path });
    expect(JSON.parse(shown.out)).toMatchObject({ status: 'interrupted', totalCount: 40 });

    const resumed = await runPanelist(['tasks', 'resume', taskId, '--json'], { cwd: folder.path });
    expect(resumed.exitCode, resumed.err).toBe(0);
    expect(JSON.parse(resumed.out)).toMatchObject({ taskId, status: 'completed', successCount: 40 });
    for (const { succeeded } of simulator.requests().requests) expect(succeeded).toBe(1);
    await simulator.close();
  });

  it('stops at once at the second Ctrl-C', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ latency: { minMs: 60_000, maxMs: 60_000 } });
    const process = new PanelistProcess(
      [
        ...deploy(await audienceFile(folder.path, 4), '--model', 'openai-compatible/simulator'),
        ...['--base-url', simulator.url],
      ],
      { cwd: folder.path },
    );
    await process.says(/Deploying/);
    process.kill('SIGINT');
    await process.says(/in flight finish/);
    process.kill('SIGINT');
    const { exitCode, err } = await process.finished;
    expect(exitCode).toBe(130);
    // Said only after the drain, which takes 30 s here.
    expect(err).not.toContain('Stopped with');
    await simulator.close();
  });

  it.each([0, 3])('pauses the task at an empty account (402) after %i replies', async (paid) => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator();
    let requests = 0;
    const server = createHttpServer(async (request, response) => {
      const body = await text(request);
      requests += 1;
      if (requests > paid) {
        response.writeHead(402).end('{"error":{"message":"Insufficient Balance"}}');
        return;
      }
      const { authorization = '' } = request.headers;
      const headers = { 'content-type': 'application/json', authorization };
      const reply = await fetch(`${simulator.url}/chat/completions`, { method: 'POST', headers, body });
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const { exitCode, err } = await runPanelist(
      [
        ...deploy(await audienceFile(folder.path, 6), '--model', 'openai-compatible/simulator'),
        ...['--base-url', `http://127.0.0.1:${port}/v1`, '--max-concurrency', '1'],
      ],
      { cwd: folder.path },
    );
    expect(exitCode, err).toBe(6);
    expect(err).toContain('Insufficient Balance');
    expect(err).toMatch(/panelist tasks resume task_/);
    expect(requests).toBe(paid + 1);
    server.close();
    await simulator.close();
  });

  it('stops the fan-out at an exhausted quota and says why', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ faults: { quotaAfter: 20 } });
    const { exitCode, err } = await runPanelist(
      [
        ...deploy(await audienceFile(folder.path, 200), '--model', 'openai-compatible/simulator'),
        ...['--base-url', simulator.url, '--max-concurrency', '10'],
      ],
      { cwd: folder.path },
    );
    expect(exitCode, err).toBe(6);
    expect(err).toMatch(/quota/i);
    expect(err).toMatch(/panelist tasks resume task_/);
    expect(simulator.requests().total).toBeLessThanOrEqual(20 + 2 * 10);
    await simulator.close();
  });

  it('gives up on a server that is down, loses nothing, and goes on when it is back', async () => {
    await using folder = await temporaryFolder();
    const port = await closedPort();
    const command = [
      ...deploy(await audienceFile(folder.path, 30), '--model', 'openai-compatible/simulator'),
      ...['--base-url', `http://127.0.0.1:${port}/v1`, '--max-concurrency', '50'],
    ];
    const down = await runPanelist(command, { cwd: folder.path });
    expect(down.exitCode, down.err).toBe(6);
    expect(down.err).toMatch(/25 failures in a row.*127\.0\.0\.1/);
    const simulator = await startSimulator({ port });
    const back = await runPanelist(command, { cwd: folder.path });
    expect(back.exitCode, back.err).toBe(0);
    await simulator.close();
  });

  it('exports what is there, and retries what failed', async () => {
    await using folder = await temporaryFolder();
    const broken = await startSimulator({ seed: 3, faults: { serverError: 0.6 } });
    const command = [
      ...deploy(await audienceFile(folder.path, 8), '--model', 'openai-compatible/simulator'),
      ...['--base-url', broken.url, '--json'],
    ];
    const first = await runPanelist(command, { cwd: folder.path });
    const { port } = broken;
    await broken.close();
    expect(first.exitCode, first.err).toBe(5);
    const { taskId, failedCount } = JSON.parse(first.out);
    expect(failedCount).toBeGreaterThan(0);
    const exported = await runPanelist(
      ['results', 'export', taskId, '--format', 'jsonl', '--out', 'sub/all.jsonl'],
      { cwd: folder.path },
    );
    expect(exported.exitCode, exported.err).toBe(0);
    const lines = (await readFile(join(folder.path, 'sub/all.jsonl'), 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(8);
    expect(lines.filter((line) => line.includes('"status":"failed"'))).toHaveLength(failedCount);

    for (const command of [['show'], ['resume'], ['cancel'], ['retry-failed']]) {
      const unknown = await runPanelist(['tasks', ...command, 'task_nope'], { cwd: folder.path });
      expect(unknown.exitCode).toBe(2);
      expect(unknown.err).toMatch(/TASK_NOT_FOUND.*"task_nope"/);
    }
    const mended = await startSimulator({ seed: 3, port });
    const retried = await runPanelist(['tasks', 'retry-failed', taskId, '--json'], { cwd: folder.path });
    expect(retried.exitCode, retried.err).toBe(0);
    expect(JSON.parse(retried.out)).toMatchObject({ taskId, successCount: 8, failedCount: 0 });
    await mended.close();
  });
});

describe('what can go wrong before anything is asked', () => {
  const simulator = ['--model', 'simulator'];
  const cases: [name: string, args: (folder: string) => Promise<string[]>, exitCode: number, says: RegExp][] =
    [
      [
        'a survey that is missing',
        async (f) => ['survey', 'deploy', 'none.json', '--audience', await audienceFile(f, 1), ...simulator],
        3,
        /FILE_NOT_FOUND.*none\.json/s,
      ],
      [
        'a survey with a syntax error',
        async (f) => {
          await writeFile(join(f, 's.json'), '{\n  "pages": [\n    { "elements": [,] }\n  ]\n}');
          return ['survey', 'deploy', 's.json', '--audience', await audienceFile(f, 1), ...simulator];
        },
        3,
        /SURVEY_INVALID.*line 3/s,
      ],
      [
        'a question that cannot be asked yet',
        async (f) => {
          await writeFile(join(f, 's.json'), '{"elements":[{"type":"signaturepad","name":"sign"}]}');
          return ['survey', 'deploy', 's.json', '--audience', await audienceFile(f, 1), ...simulator];
        },
        3,
        /SURVEY_UNSUPPORTED.*elements\[0\].*signaturepad/s,
      ],
      [
        'an audience that is missing',
        async () => deploy('nobody.csv', ...simulator),
        3,
        /FILE_NOT_FOUND.*nobody\.csv/s,
      ],
      [
        'an audience without respondents',
        async (f) => deploy(await audienceFile(f, 0), ...simulator),
        3,
        /AUDIENCE_EMPTY/,
      ],
      [
        'an audience with an id twice',
        async (f) => {
          await writeFile(join(f, 'twice.csv'), 'id,age\na,1\nb,2\na,3\n');
          return deploy('twice.csv', ...simulator);
        },
        3,
        /AUDIENCE_INVALID.*line 4.*"a".*line 2/s,
      ],
      [
        'a missing API key',
        async (f) => deploy(await audienceFile(f, 1), '--model', 'openai/gpt-5'),
        4,
        /API_KEY_MISSING.*OPENAI_API_KEY/s,
      ],
      [
        'an unknown model',
        async (f) => deploy(await audienceFile(f, 1), '--model', 'gpt-5'),
        4,
        /MODEL_UNKNOWN.*"gpt-5"/s,
      ],
      [
        'a base URL that is none',
        async (f) =>
          deploy(await audienceFile(f, 1), '--model', 'openai-compatible/x', '--base-url', 'nonsense'),
        2,
        /The base URL.*"nonsense"/s,
      ],
      [
        'a simulator setting that is none',
        async (f) => deploy(await audienceFile(f, 1), '--model', 'simulator?colour=red'),
        2,
        /no setting "colour"/,
      ],
      [
        'a concurrency of nought',
        async (f) => deploy(await audienceFile(f, 1), ...simulator, '--max-concurrency', '0'),
        2,
        /max-concurrency.*'0'.*at least 1|max-concurrency.*from 1/s,
      ],
      [
        'an output folder that is a file',
        async (f) => {
          await writeFile(join(f, 'taken'), '');
          return deploy(await audienceFile(f, 1), ...simulator, '--out', 'taken');
        },
        3,
        /FILE_NOT_WRITABLE.*taken/s,
      ],
      [
        'a database that is none',
        async (f) => {
          await writeFile(join(f, 'text.db'), 'This is a text and not a database at all.'.repeat(100));
          return deploy(await audienceFile(f, 1), ...simulator, '--database', 'text.db');
        },
        7,
        /STORE_UNAVAILABLE.*text\.db/s,
      ],
      [
        'a database in a place that cannot be',
        async (f) => {
          await audienceFile(f, 1);
          return deploy('people.csv', ...simulator, '--database', 'people.csv/panelist.db');
        },
        7,
        /STORE_UNAVAILABLE.*people\.csv/s,
      ],
      [
        'a database in a folder that is not there',
        async (f) => deploy(await audienceFile(f, 1), ...simulator, '--database', 'mis/typed.db'),
        7,
        /STORE_UNAVAILABLE.*mis\/typed\.db.*no folder/s,
      ],
      [
        'a database that is not there',
        async () => ['tasks', 'show', 'task_nope'],
        3,
        /FILE_NOT_FOUND.*panelist\.db/s,
      ],
      ['a command that is not there', async () => ['survay'], 2, /unknown command 'survay'/],
    ];
  it.each(cases)('%s', async (_name, args, exitCode, says) => {
    await using folder = await temporaryFolder();
    const finished = await runPanelist(await args(folder.path), { cwd: folder.path });
    expect(finished.err).toMatch(says);
    expect(finished.exitCode).toBe(exitCode);
    expect(finished.err).not.toMatch(/^\s+at /m);
    expect(finished.out).toBe('');
  });

  it('a key that the provider repeats when it refuses it never shows, and the reason does', async () => {
    await using folder = await temporaryFolder();
    const key = 'sk-test-very-secret-0123456789';
    const server = createHttpServer((_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `Incorrect API key provided: ${key}.` } }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const finished = await runPanelist(
      deploy(
        await audienceFile(folder.path, 2),
        '--model',
        'openai-compatible/x',
        '--base-url',
        `http://127.0.0.1:${port}/v1`,
        '--json',
      ),
      { cwd: folder.path, env: { OPENAI_COMPATIBLE_API_KEY: key } },
    );
    server.close();
    expect(finished.exitCode, finished.err).toBe(4);
    expect(finished.err).toContain('2 × Incorrect API key provided: [redacted].');
    expect(JSON.parse(finished.out).status).toBe('failed');
    for (const file of JSON.parse(finished.out).files) {
      expect(await readFile(join(folder.path, file), 'utf8')).not.toContain(key);
    }
    for (const name of await readdir(join(folder.path, '.panelist'))) {
      expect(await readFile(join(folder.path, '.panelist', name), 'latin1')).not.toContain(key);
    }
    expect(finished.out + finished.err).not.toContain(key);
  });
});
