import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyConfig } from './apply-config.ts';
import { Program } from './command.ts';
import { type Config, readConfig } from './config.ts';
import { runInProcess } from './testing/run-in-process.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-config-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function write(text: string): Promise<void> {
  await writeFile(join(folder, 'panelist.config.json'), text);
}

describe('panelist.config.json', () => {
  it('need not be there', () => {
    expect(readConfig(folder)).toEqual({});
  });

  it.each([
    ['{ "modle": "simulator" }', /modle: there is no such setting\. Did you mean "model"\?/],
    ['{ "limits": { "maxCosts": 5 } }', /limits\.maxCosts: .*Did you mean "maxCost"\?/],
    ['{ "limits": { "rpm": 0 }, "out": 7 }', /out: .*\n.*limits\.rpm: |limits\.rpm: .*\n.*out: /],
    ['{ "apiKey": "sk-123" }', /apiKey: secrets do not belong.*environment only/],
    ['{ "baseUrl": "https://me:secret@host/v1" }', /baseUrl: must not hold a name or a password/],
    ['{ "baseUrl": "nowhere" }', /baseUrl: /],
    ['{ "baseUrl": 7 }', /baseUrl: Invalid input: expected string, received number$/],
    ['{ "model": "" }', /model: Too small: expected string to have >=1 characters$/],
    ['{ "model": null }', /model: Invalid input: expected string, received null$/],
    ['{ "limits": [] }', /limits: Invalid input: expected object, received array$/],
    ['{ "limits": { "rpm": 1.5 } }', /limits\.rpm: Invalid input: expected int, received number$/],
    ['{ "limits": { "rpm": "9" } }', /limits\.rpm: Invalid input: expected number, received string$/],
    ['{ "limits": { "maxConcurrency": 1e6 } }', /maxConcurrency: Too big: expected number to be <=100000$/],
    ['{ "limits": { "maxCost": -1 } }', /limits\.maxCost: Too small: expected number to be >=0$/],
    ['{ "__proto__": { "model": "m" } }', /__proto__: there is no such setting/],
    ['[]', /the file: /],
    ['{\n  "model": }', /line 2, column 12/],
    ['{ "apiKey": "sk-123" "model": 1 }', /line 1, column 22/],
  ])('%s is refused', async (text, message) => {
    await write(text);
    expect(() => readConfig(folder)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    expect(() => readConfig(folder)).toThrow(message);
    expect(() => readConfig(folder)).not.toThrow(/sk-123|secret@/);
  });

  it('gives the model, the database and the folder of runs, and a flag wins', async () => {
    await writeFile(join(folder, 's.json'), '{"elements":[{"type":"boolean","name":"tea","title":"Tea?"}]}');
    await writeFile(join(folder, 'people.csv'), 'id\n1\n');
    const database = join(folder, 'mine.db');
    await write(JSON.stringify({ model: 'simulator?seed=9', database, out: join(folder, 'runs') }));
    const deploy = [
      'survey',
      'deploy',
      join(folder, 's.json'),
      '--audience',
      join(folder, 'people.csv'),
      '--json',
    ];
    const run = async (...args: string[]): Promise<{ model: string; taskId: string; files: string[] }> => {
      const { exitCode, out, err } = await runInProcess(args, {}, folder);
      expect(exitCode, err).toBe(0);
      return JSON.parse(out);
    };
    const { model, taskId, files } = await run(...deploy);
    expect(model).toBe('simulator?seed=9');
    expect(files[0]).toBe(join(folder, 'runs', taskId, 'answers.csv'));
    expect(await run('tasks', 'show', 'last', '--json')).toMatchObject({ taskId });
    expect(await run('tasks', 'show', 'last', '--json', '--database', database)).toMatchObject({ taskId });
    expect((await run(...deploy, '--model', 'simulator?seed=8')).model).toBe('simulator?seed=8');
  });

  it('gives a model to a group only where its guide names none', async () => {
    await writeFile(join(folder, 'people.csv'), 'id,name\n1,Ada\n2,Bo\n');
    const guide =
      'title: Lunch\nparticipants: { audience: people.csv }\nrounds: [{ message: What is for lunch? }]\n';
    await writeFile(join(folder, 'free.yaml'), guide);
    await writeFile(join(folder, 'own.yaml'), `${guide}model: simulator?seed=3\n`);
    await write(JSON.stringify({ model: 'simulator?seed=9' }));
    const dryRun = async (name: string, ...more: string[]): Promise<string> => {
      const args = ['focus-group', 'run', join(folder, name), '--dry-run', '--json', ...more];
      return JSON.parse((await runInProcess(args, {}, folder)).out).model;
    };
    expect(await dryRun('free.yaml')).toBe('simulator?seed=9');
    expect(await dryRun('own.yaml')).toBe('simulator?seed=3');
    expect(await dryRun('own.yaml', '--model', 'simulator?seed=1')).toBe('simulator?seed=1');
  });

  it('does not stand in the way of help, and is an error elsewhere', async () => {
    await write('{ "modle": "simulator" }');
    expect(await runInProcess(['--help'], {}, folder)).toMatchObject({ exitCode: 0 });
    expect(await runInProcess(['survey', 'deploy', 'x'], {}, folder)).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('[CONFIG_INVALID]'),
    });
  });
});

describe('applyConfig', () => {
  /** The options that a command sees. */
  async function seen(config: Config, ...args: string[]): Promise<object> {
    let options: object = {};
    const program = new Program('p');
    program
      .command('ask')
      .requiredOption('--model <m>')
      .option('--base-url <url>')
      .option('--max-concurrency <n>', '', Number, 100)
      .option('--max-cost <n>', '', Number)
      .action((own) => {
        options = own;
      });
    program
      .command('simulate')
      .option('--rpm <n>')
      .action((own) => {
        options = own;
      });
    applyConfig(program, config);
    await program.parseAsync(args, { from: 'user' });
    return options;
  }

  it('sends no other model to the place of its own', async () => {
    const config = { model: 'openai-compatible/x', baseUrl: 'http://127.0.0.1:1/v1' };
    expect(await seen(config, 'ask')).toMatchObject(config);
    const other = (await seen(config, 'ask', '--model', 'openai/gpt-5')) as { baseUrl?: string };
    expect(other.baseUrl).toBeUndefined();
  });

  it('bounds what asks models, and leaves the simulator its own limits', async () => {
    const limits = { maxConcurrency: 7, maxCost: 2, rpm: 3 };
    expect(await seen({ model: 'm', limits }, 'ask', '--max-cost', '5')).toMatchObject({
      configLimits: limits,
      maxCost: 5,
    });
    expect(await seen({ limits }, 'simulate')).toEqual({});
  });
});
