import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { audienceFile, deploy } from './testing/deployment.ts';
import { runInFolder } from './testing/run-in-process.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

describe('a deployment that cannot be started', () => {
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
    const finished = await runInFolder(await args(folder.path), { cwd: folder.path });
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
    const finished = await runInFolder(
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
