import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { readCsvRows } from '../packages/panelist/src/analysis/export/testing/read-csv-rows.ts';
import { runInProcess } from '../packages/panelist/src/cli/testing/run-in-process.ts';
import { temporaryFolder } from './panelist-process.ts';

/**
 * A database of version 0.1.0, and the files and output that this version produced from it. It has small surveys and
 * groups with the built-in simulator, one of each kind that later versions must be able to read and resume. Never change
 * these files; add another database for a later version.
 */
const FIXTURES = new URL('fixtures/earlier-database/', import.meta.url).pathname;

const FINISHED = 'task_1k8mu0oi0000079prohk9bi';
const CHINESE = 'task_1k8mu0v2d00004sd7k6c4s2';
/** A task with an `openai-compatible` model whose server no longer exists. */
const SERVED = 'task_1k8mu1oma00006r73rqbcqd';
/** Paused by its budget at 4317 of 4500 tokens: five interviews are finished, and the sixth has stored replies. */
const PAUSED = 'task_1k8mu1fn500000fcq777uaj';
/** Ended by kill -9, with two of six interviews finished. */
const KILLED = 'task_1k8mu1vk6000011nt3p1q3r';

async function earlierDatabase() {
  const folder = await temporaryFolder();
  const database = new DatabaseSync(join(folder.path, 'earlier.db'));
  database.exec(await readFile(join(FIXTURES, 'database-0.1.sql'), 'utf8'));
  database.close();
  return {
    path: (name: string): string => join(folder.path, name),
    /** Runs a command on the database; resolves to its exit code and output. */
    panelist: (...args: string[]) => runInProcess([...args, '--database', join(folder.path, 'earlier.db')]),
    file: (name: string): Promise<Buffer> => readFile(join(folder.path, name)),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

async function expectAsBefore(name: string, now: Buffer | string): Promise<void> {
  const before = await readFile(join(FIXTURES, name));
  expect(Buffer.from(now).toString(), name).toBe(before.toString());
  expect(Buffer.from(now).equals(before), name).toBe(true);
}

/** What documents the answers says at least what it said before; later versions say more. */
async function expectAllOf(name: string, now: string): Promise<void> {
  const before = await readFile(join(FIXTURES, name), 'utf8');
  if (name.endsWith('.md')) {
    const lines = before.split('\n');
    expect(
      now.split('\n').filter((line) => lines.includes(line)),
      name,
    ).toEqual(lines);
    return;
  }
  const rows = readCsvRows(now);
  for (const row of readCsvRows(before)) {
    // Their headings are in the language of the survey.
    const [column = '', , description = ''] = Object.keys(row);
    const same = rows.find((each) => each[column] === row[column]);
    const { [description]: described = '', ...cells } = row;
    expect(same, `${name}, ${row[column]}`).toMatchObject(cells);
    // The description of a status lists those that there are.
    for (const part of described.split(/[;；。]|\.$/)) expect(same?.[description], name).toContain(part);
  }
}

describe('a database of version 0.1', () => {
  it.each([
    ['survey.csv', ['results', 'export', FINISHED], ['survey.codebook.csv', 'survey.methods.md']],
    ['survey.jsonl', ['results', 'export', FINISHED], []],
    ['survey-long.csv', ['results', 'export', FINISHED, '--shape', 'long'], []],
    ['survey-calls.csv', ['results', 'export', FINISHED, '--shape', 'calls'], []],
    ['chinese.csv', ['results', 'export', CHINESE], ['chinese.codebook.csv', 'chinese.methods.md']],
    ['chinese-long.jsonl', ['results', 'export', CHINESE, '--shape', 'long'], []],
    ['served-calls.csv', ['results', 'export', SERVED, '--shape', 'calls'], ['served-calls.methods.md']],
    ['lunch.jsonl', ['focus-group', 'export', 'lunch'], []],
    ['lunch.md', ['focus-group', 'export', 'lunch'], []],
    ['canteen.csv', ['focus-group', 'export', 'canteen'], []],
  ])('is exported as before: %s', async (name, command, beside) => {
    await using earlier = await earlierDatabase();
    const { exitCode, err } = await earlier.panelist(...command, '--out', earlier.path(name));
    expect(exitCode, err).toBe(0);
    await expectAsBefore(name, await earlier.file(name));
    for (const each of beside) await expectAllOf(each, String(await earlier.file(each)));
  });

  it.each([
    ['prompt-replicate.json', [FINISHED, 'B#2', 'wish']],
    ['prompt-chinese.json', [CHINESE, '甲', 'often']],
    ['prompt-served.json', [SERVED, 'A', 'matters']],
  ])('has the sent prompts: %s', async (name, which) => {
    await using earlier = await earlierDatabase();
    const { exitCode, out, err } = await earlier.panelist('results', 'prompt', ...which, '--json');
    expect(exitCode, err).toBe(0);
    const prompts = JSON.parse(out) as { isMadeAgain?: boolean }[];
    expect(prompts.map(({ isMadeAgain }) => isMadeAgain)).toEqual([true]);
    for (const prompt of prompts) delete prompt.isMadeAgain;
    await expectAsBefore(name, `${JSON.stringify(prompts, null, 2)}\n`);
  });

  it('resumes a killed survey, and makes only calls without a stored reply', async () => {
    await using earlier = await earlierDatabase();
    const { exitCode, out, err } = await earlier.panelist(
      ...['tasks', 'resume', KILLED, '--json', '--out', earlier.path('out')],
    );
    expect(exitCode, err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ status: 'completed', usage: { requests: 16, replayed: 4 } });
    await expectAsBefore('resumed.csv', await earlier.file('out/answers.csv'));
  });

  it('counts earlier spending against the limits of a resumed run', async () => {
    await using earlier = await earlierDatabase();
    const resume = (limit: string) =>
      earlier.panelist(
        ...['tasks', 'resume', PAUSED, '--json', '--max-tokens', limit, '--out', earlier.path('out')],
      );
    const same = await resume('4500');
    expect(same.exitCode, same.err).toBe(6);
    expect(JSON.parse(same.out).usage.requests).toBe(0);
    expect(same.err).toContain('4317 of 4500 tokens are spent (4317 of it by earlier runs)');
    const higher = await resume('100000');
    expect(higher.exitCode, higher.err).toBe(0);
    await expectAsBefore('raised.csv', await earlier.file('out/answers.csv'));
  });

  it('makes no call for a finished focus group', async () => {
    await using earlier = await earlierDatabase();
    const guide = join(FIXTURES, 'lunch.guide.yaml');
    const { exitCode, out, err } = await earlier.panelist(
      ...['focus-group', 'run', guide, '--out', earlier.path('out')],
    );
    expect(exitCode, err).toBe(0);
    expect(out).toContain('0 requests');
    await expectAsBefore('lunch.jsonl', await earlier.file('out/transcript.jsonl'));
  });
});
