import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../packages/panelist/src/simulator/server.ts';
import { PanelistProcess, runPanelist, temporaryFolder } from './panelist-process.ts';
import { ServedPanelist } from './served-panelist.ts';

const RESPONDENTS = 150;
const KILLS = 3;
const SECRET = 'sk-a-secret-that-nobody-may-see';

const survey = {
  name: 'tea.survey.json',
  text: JSON.stringify({
    title: 'Tea',
    elements: [{ type: 'radiogroup', name: 'drink', title: 'Tea or coffee?', choices: ['Tea', 'Coffee'] }],
  }),
};
const audience = {
  name: 'people.csv',
  text: `id,age\n${Array.from({ length: RESPONDENTS }, (_, index) => `P${index},${18 + (index % 60)}`).join('\n')}\n`,
};
const submission = (model: string) => ({ survey, audience, model, limits: { maxConcurrency: 5 } });

/** How many items and results a task has in the database itself. */
function counted(path: string, taskId: string): Record<string, unknown> {
  using database = new DatabaseSync(path, { readOnly: true });
  const count = (sql: string): unknown => Object.values(database.prepare(sql).get(taskId)!)[0];
  return {
    items: count('select count(*) from task_items where task_id = ?'),
    results: count('select count(*) from task_results where task_id = ?'),
    different: count('select count(distinct item_key) from task_results where task_id = ?'),
    completed: count('select completed_count from tasks where task_id = ?'),
  };
}

describe('panelist serve', () => {
  it('goes on where it was after kill -9, whenever that comes, and records every answer once', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ latency: { minMs: 30, maxMs: 60 } });
    const database = join(folder.path, 'panelist.db');
    const model = 'openai-compatible/simulator';
    const args = ['--port', '0', '--database', database, '--model', `${model}=${simulator.url}`];
    let taskId = '';
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const server = await ServedPanelist.start(args, { cwd: folder.path });
      if (kill === 1) ({ taskId } = await server.json('/api/surveys', submission(model)));
      await server.until(taskId, ({ progress }) => progress.done >= kill * 25);
      await server.kill();
    }
    await using server = await ServedPanelist.start(args, { cwd: folder.path });
    const { task } = await server.until(taskId, ({ task }) => task.finishedAt !== null);
    expect(task).toMatchObject({ status: 'completed', successCount: RESPONDENTS, failedCount: 0 });
    expect(counted(database, taskId)).toEqual({
      items: RESPONDENTS,
      results: RESPONDENTS,
      different: RESPONDENTS,
      completed: RESPONDENTS,
    });
    // What was in flight at a kill is asked again; nothing that was stored is.
    expect(simulator.requests().total).toBeLessThanOrEqual(RESPONDENTS + KILLS * 5);
    await simulator.close();
  });

  it('logs what becomes of tasks and items as JSON lines, if it is asked to', async () => {
    await using folder = await temporaryFolder();
    const args = ['--port', '0', '--database', join(folder.path, 'panelist.db'), '--log-level', 'debug'];
    const server = await ServedPanelist.start(args, { cwd: folder.path });
    const { taskId } = await server.json('/api/surveys', submission('simulator'));
    await server.until(taskId, ({ task }) => task.finishedAt !== null);
    server.process.kill('SIGTERM');
    const { err } = await server.process.finished;
    const events = err
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const done = events.filter(({ msg }) => msg === 'item done');
    expect(new Set(done.map(({ itemKey }) => itemKey)).size).toBe(RESPONDENTS);
    expect(events.find(({ msg }) => msg === 'task picked up')).toMatchObject({ level: 'info', taskId });
  });

  it('is one run with a command line and a second server on the same database', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ latency: { minMs: 20, maxMs: 40 } });
    const database = join(folder.path, 'panelist.db');
    const model = 'openai-compatible/simulator';
    const args = ['--port', '0', '--database', database, '--model', `${model}=${simulator.url}`];
    await using first = await ServedPanelist.start(args, { cwd: folder.path });
    await using second = await ServedPanelist.start(args, { cwd: folder.path });
    const answers = await Promise.all(
      [first, second, first, second].map((server) => server.json('/api/surveys', submission(model))),
    );
    const ids = new Set(answers.map(({ taskId }) => taskId));
    expect(ids.size).toBe(1);
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    const [taskId = ''] = ids;
    await Promise.all(
      [first, second].map((each) => each.until(taskId, ({ task }) => task.finishedAt !== null)),
    );
    expect(counted(database, taskId)).toMatchObject({ results: RESPONDENTS, different: RESPONDENTS });
    expect(simulator.requests().total).toBe(RESPONDENTS);
    await simulator.close();
  });

  it('shows within a second what another process does', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ latency: { minMs: 100, maxMs: 200 } });
    const database = join(folder.path, 'panelist.db');
    const model = 'openai-compatible/simulator';
    const args = ['--port', '0', '--database', database, '--model', `${model}=${simulator.url}`];
    await using server = await ServedPanelist.start(args, { cwd: folder.path });
    const { taskId } = await server.json('/api/surveys', submission(model));
    await server.until(taskId, ({ progress }) => progress.inFlight > 0);
    const cancelled = server.until(taskId, ({ task }) => task.status === 'cancelled');
    const { exitCode } = await runPanelist(['tasks', 'cancel', taskId, '--database', database], {
      cwd: folder.path,
    });
    const ended = performance.now();
    expect(exitCode).toBe(0);
    await cancelled;
    expect(performance.now() - ended).toBeLessThan(1_000);
    await simulator.close();
  });

  it('lets calls in flight finish when it is asked to stop, and leaves the rest for the next start', async () => {
    await using folder = await temporaryFolder();
    const simulator = await startSimulator({ latency: { minMs: 300, maxMs: 400 } });
    const database = join(folder.path, 'panelist.db');
    const model = 'openai-compatible/simulator';
    const server = await ServedPanelist.start(
      ['--port', '0', '--database', database, '--model', `${model}=${simulator.url}`],
      { cwd: folder.path },
    );
    const { taskId } = await server.json('/api/surveys', submission(model));
    await server.until(taskId, ({ progress }) => progress.inFlight === 5 && progress.done > 0);
    server.process.kill('SIGTERM');
    const { exitCode, err } = await server.process.finished;
    expect({ exitCode, isDraining: /letting the calls in flight finish/.test(err) }).toEqual({
      exitCode: 0,
      isDraining: true,
    });
    const { results } = counted(database, taskId);
    // Every call that was sent is recorded.
    expect(simulator.requests().total).toBe(results);
    await simulator.close();
  });

  it('shows its keys and tokens nowhere: not in answers, errors, logs, nor the database', async () => {
    await using folder = await temporaryFolder();
    // The provider repeats the key, in a reply and in an error.
    const simulator = await startSimulator();
    const database = join(folder.path, 'panelist.db');
    const token = 'the-token-of-the-operator';
    const model = 'openai-compatible/simulator';
    const env = { OPENAI_COMPATIBLE_API_KEY: SECRET, PANELIST_TOKEN: token };
    const process = new PanelistProcess(
      ['serve', '--port', '0', '--database', database, '--model', `${model}=${simulator.url}`],
      { cwd: folder.path, env },
    );
    const [, url = ''] = await process.finds(/at (http:\/\/\S+)\n/, 'out');
    const request = async (path: string, body?: unknown): Promise<string> => {
      const response = await fetch(`${url}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          'Panelist-Request': '1',
          'Content-Type': 'application/json',
          Authorization: `Bearer ${token}`,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return `${JSON.stringify([...response.headers])}${await response.text()}`;
    };
    const said = [
      await request('/api/session'),
      await request('/api/models'),
      await request('/api/surveys', submission(model)),
      await request('/api/surveys', submission(`${model}=${SECRET}`)),
      await request('/api/tasks'),
      await request('/api/openapi.json'),
    ];
    process.kill('SIGTERM');
    const { out, err } = await process.finished;
    const stored = await Promise.all(
      ['', '-wal'].map((ending) => readFile(`${database}${ending}`).catch(() => Buffer.alloc(0))),
    );
    const everything = [...said.map((each) => each.replace(`=${SECRET}`, '')), out, err];
    for (const text of everything) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(token);
      expect(text).not.toContain(simulator.url);
    }
    for (const bytes of stored) {
      expect(bytes.includes(SECRET)).toBe(false);
      expect(bytes.includes(token)).toBe(false);
    }
    await simulator.close();
  });
});
