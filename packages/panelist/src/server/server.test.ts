import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer } from './serve.ts';
import { refusingProvider } from './testing/refusing-provider.ts';
import { exampleSurvey, type TestServer, testServer } from './testing/test-server.ts';

let shared: TestServer;

beforeAll(async () => {
  shared = await testServer({
    models: [
      { id: 'simulator', baseUrl: null },
      { id: 'simulator?latency=20-50', baseUrl: null },
    ],
  });
});

afterAll(() => shared[Symbol.asyncDispose]());

const isOver = ({ task }: { task: { finishedAt: string | null } }): boolean => task.finishedAt !== null;

describe('a survey', () => {
  it('is checked, with what it would ask and cost, and nothing is started', async () => {
    const { survey, audience, preview, problem } = await shared.json('/api/surveys/check', {
      json: exampleSurvey(),
    });
    expect({ valid: survey.isValid, respondents: audience.respondents, problem }).toEqual({
      valid: true,
      respondents: 8,
      problem: null,
    });
    expect(preview).toMatchObject({ interviews: 8, costUsd: { expected: 0 } });
    expect(preview.firstPrompt[0].content).toContain('Maya Lindqvist');
    expect((await shared.json('/api/tasks')).tasks).toEqual([]);
  });

  it('that waits is not started by a change of its limits, and not asked again once it is cancelled', async () => {
    const model = 'simulator?latency=20-50';
    const { taskId } = await shared.json('/api/surveys', {
      json: exampleSurvey({ model, seed: 12, replicates: 60, limits: { maxConcurrency: 1 } }),
    });
    await shared.json(`/api/tasks/${taskId}/pause`, { method: 'POST' });
    await shared.until(taskId, ({ runs }) => runs === 'nowhere');
    await shared.json(`/api/tasks/${taskId}/limits`, { method: 'PATCH', json: { maxConcurrency: 9 } });
    expect(await shared.json(`/api/tasks/${taskId}`)).toMatchObject({ task: { status: 'paused' } });
    await shared.json(`/api/tasks/${taskId}/cancel`, { method: 'POST' });
    const response = await shared.request(`/api/tasks/${taskId}/retry-failed`, { json: {} });
    expect(response.status).toBe(409);
    expect(await shared.json(`/api/tasks/${taskId}`)).toMatchObject({ task: { status: 'cancelled' } });
  });

  it('that is wrong has its problems with their lines', async () => {
    const text = JSON.stringify(
      {
        elements: [
          { type: 'dropdown', name: 'a' },
          { type: 'nonsense', name: 'b' },
        ],
      },
      null,
      1,
    );
    const { survey, preview } = await shared.json('/api/surveys/check', {
      json: exampleSurvey({ survey: { name: 'x.json', text } }),
    });
    expect(survey.isValid).toBe(false);
    expect(survey.problems.length).toBeGreaterThan(0);
    for (const { line, path } of survey.problems) {
      expect(line).toBeGreaterThan(0);
      expect(path).toMatch(/^elements\[\d\]/);
    }
    expect(preview).toBeNull();
  });

  it('with a bad audience says so, and keeps what is right', async () => {
    const audience = { name: 'people.csv', text: 'id,name\n1,Ann\n1,Bob\n' };
    const check = await shared.json('/api/surveys/check', { json: exampleSurvey({ audience }) });
    expect(check.survey.isValid).toBe(true);
    expect(check.audience.problem).toMatchObject({ code: 'AUDIENCE_INVALID' });
    expect(check.audience.problem.message).toContain('line 3');
  });

  it('is one run, whoever presses the button and however often', async () => {
    const json = exampleSurvey({ model: 'simulator?latency=20-50', seed: 1 });
    const answers = await Promise.all([1, 2, 3, 4].map(() => shared.json('/api/surveys', { json })));
    expect(new Set(answers.map(({ taskId }) => taskId)).size).toBe(1);
    expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
    const { taskId } = answers[0];
    const { task, progress } = await shared.until(taskId, isOver);
    expect(task).toMatchObject({ status: 'completed', successCount: 8, failedCount: 0, owner: 'operator' });
    expect(progress).toMatchObject({ done: 8, failed: 0, inFlight: 0, waiting: 0 });
    expect(await shared.json('/api/surveys', { json })).toEqual({ taskId, isNew: false, how: 'finished' });
  });

  it('is paused, gets other limits, goes on, and is cancelled', async () => {
    const json = exampleSurvey({
      model: 'simulator?latency=20-50',
      replicates: 60,
      limits: { maxConcurrency: 2, maxTokens: 9_000_000 },
    });
    const { taskId } = await shared.json('/api/surveys', { json });
    await shared.until(taskId, ({ progress }) => progress.done > 2);
    for (const _ of [1, 2])
      expect(await shared.json(`/api/tasks/${taskId}/pause`, { method: 'POST' })).toMatchObject({
        status: 'paused',
        errorMessage: 'Paused by operator.',
      });
    await shared.until(taskId, ({ runs }) => runs === 'nowhere');
    const limits = { maxConcurrency: 5, maxTokens: null };
    expect(await shared.json(`/api/tasks/${taskId}/limits`, { method: 'PATCH', json: limits })).toMatchObject(
      { limits },
    );
    expect(await shared.json(`/api/tasks/${taskId}/resume`, { method: 'POST' })).toMatchObject({
      status: 'running',
    });
    const faster = await shared.until(taskId, ({ accounts }) =>
      accounts.some((each: { inFlight: number }) => each.inFlight > 2),
    );
    expect(faster.runs).toBe('here');
    const cancelled = await shared.json(`/api/tasks/${taskId}/cancel`, { method: 'POST' });
    expect(cancelled.status).toBe('cancelled');
    expect(cancelled.completedCount).toBeLessThan(480);
    const { results } = await shared.json(`/api/tasks/${taskId}/results?limit=500`);
    expect(new Set(results.map(({ itemKey }: { itemKey: string }) => itemKey)).size).toBe(results.length);
    expect(await shared.json(`/api/tasks/${taskId}`, { method: 'DELETE' })).toEqual({ deleted: true });
    expect((await shared.request(`/api/tasks/${taskId}`)).status).toBe(404);
  });

  it('of which some failed asks those again, and keeps the others', async () => {
    await using provider = await refusingProvider('Maya Lindqvist');
    const model = { id: 'openai-compatible/refusing', baseUrl: provider.baseUrl };
    await using server = await testServer({ models: [model] });
    const { taskId } = await server.json('/api/surveys', { json: exampleSurvey({ model: model.id }) });
    const { task } = await server.until(taskId, isOver);
    expect(task).toMatchObject({ status: 'completed', successCount: 7, failedCount: 1 });
    expect(JSON.stringify(task)).not.toContain(provider.baseUrl);
    const before = await server.json(`/api/tasks/${taskId}/results`);
    provider.refuses = false;
    expect(
      await server.json(`/api/tasks/${taskId}/retry-failed`, { json: { codes: ['no such cause'] } }),
    ).toMatchObject({
      retried: 0,
    });
    expect(await server.json(`/api/tasks/${taskId}/retry-failed`, { json: {} })).toMatchObject({
      retried: 1,
    });
    await server.until(taskId, ({ task }) => task.successCount === 8);
    const after = await server.json(`/api/tasks/${taskId}/results`);
    const succeeded = before.results.filter(({ success }: { success: boolean }) => success);
    expect(after.results).toEqual(expect.arrayContaining(succeeded));
  });
});

describe('a request', () => {
  it.each<[string, string, unknown, number, string]>([
    ['a task that there is not', '/api/tasks/task_none', undefined, 404, 'TASK_NOT_FOUND'],
    [
      'a model that is not offered',
      '/api/surveys',
      exampleSurvey({ model: 'openai/gpt-5' }),
      422,
      'MODEL_NOT_OFFERED',
    ],
    [
      'an address of its own for a model',
      '/api/surveys',
      exampleSurvey({ baseUrl: 'http://10.0.0.1/' }),
      400,
      'REQUEST_INVALID',
    ],
    [
      'a path instead of a file',
      '/api/surveys',
      exampleSurvey({ survey: { path: '/etc/passwd' } }),
      400,
      'REQUEST_INVALID',
    ],
    [
      'a path as an upload',
      '/api/surveys',
      exampleSurvey({ audience: { uploadId: '../../etc/passwd' } }),
      404,
      'UPLOAD_NOT_FOUND',
    ],
    [
      'a limit that is none',
      '/api/surveys',
      exampleSurvey({ limits: { maxCostUsd: -1 } }),
      400,
      'REQUEST_INVALID',
    ],
    ['a path that there is not', '/api/nothing', undefined, 404, 'NOT_FOUND'],
  ])('with %s is refused with a code, and without a stack', async (_, path, json, status, code) => {
    const response = await shared.request(path, json === undefined ? {} : { json });
    expect(response.status).toBe(status);
    expect(response.headers.get('Content-Type')).toContain('application/problem+json');
    const problem = await response.json();
    expect(problem).toMatchObject({ status, code, type: `urn:panelist:${code}` });
    expect(JSON.stringify(problem)).not.toMatch(/\.ts:|\.js:|node_modules| at /);
  });

  it('with a body that is too long is refused before it is read', async () => {
    const response = await shared.request('/api/surveys/check', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: 'x'.repeat(25_000_001),
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'TOO_LARGE' });
  });

  it.each(['{', '', '\u0000', 'nonsense', '['.repeat(1_000)])(
    'whose body is no JSON is refused as such: %j',
    async (body) => {
      for (const path of ['/api/session', '/api/surveys', '/api/surveys/check']) {
        const headers = { 'Content-Type': 'application/json' };
        const response = await shared.request(path, { method: 'POST', headers, body });
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({ code: 'REQUEST_INVALID' });
      }
      expect(shared.log).toEqual([]);
    },
  );

  it('by HEAD is refused: nobody would read the events that it opens', async () => {
    for (const path of ['/api/events?list=1', '/api/tasks'])
      expect((await shared.request(path, { method: 'HEAD' })).status).toBe(405);
  });

  it.each(['a'.repeat(300), 'assets/..%2f..%2fpackage', '%00', '%'])(
    'for a file of the page that there cannot be is answered, and the server goes on: %s',
    async (name) => {
      expect((await shared.request(`/${name}.js`)).status).toBeLessThan(500);
      expect((await shared.request('/api/models')).status).toBe(200);
    },
  );

  it('with a file uses it by the id of its upload, whatever its name', async () => {
    const name = '../../../etc/cron.d/x.csv';
    const upload = await shared.json(`/api/uploads?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: 'id,name\nann,Ann\n',
    });
    expect(upload).toMatchObject({ name, bytes: 16 });
    const check = await shared.json('/api/surveys/check', {
      json: exampleSurvey({ audience: { uploadId: upload.uploadId } }),
    });
    expect(check.audience).toEqual({ respondents: 1, columns: ['name'], problem: null });
  });

  it('is described: every path of the API has an operation id, and problems are in it', async () => {
    const description = await shared.json('/api/openapi.json');
    const paths: Readonly<Record<string, object>> = description.paths;
    const operations: { operationId: string; responses: object }[] = Object.values(paths).flatMap((path) =>
      Object.values(path),
    );
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(operations.length);
    for (const { responses } of operations) expect(Object.keys(responses)).toContain('default');
  });
});

describe('users', () => {
  const env = { PANELIST_USERS: 'ann:full:the-token-of-ann-1,bob:full:the-token-of-bob-1' };
  const as = (name: string) => ({ Authorization: `Bearer the-token-of-${name}-1` });

  it('join each other’s runs, and change nothing of them by that', async () => {
    const model = 'simulator?latency=20-50';
    await using server = await testServer({ env, models: [{ id: model, baseUrl: null }] });
    const json = exampleSurvey({ model, replicates: 60, limits: { maxConcurrency: 1 } });
    const { taskId } = await server.json('/api/surveys', { json, headers: as('ann') });
    await server.json(`/api/tasks/${taskId}/pause`, { method: 'POST', headers: as('ann') });
    const again = { ...json, limits: { maxConcurrency: 50 } };
    expect(await server.json('/api/surveys', { json: again, headers: as('bob') })).toEqual({
      taskId,
      isNew: false,
      how: 'joined',
    });
    expect(await server.json(`/api/tasks/${taskId}`, { headers: as('bob') })).toMatchObject({
      task: { status: 'paused', owner: 'ann', limits: { maxConcurrency: 1 } },
    });
    for (const change of ['resume', 'cancel'])
      expect(
        (await server.request(`/api/tasks/${taskId}/${change}`, { method: 'POST', headers: as('bob') }))
          .status,
      ).toBe(403);
  });

  it('log in before anything of what they send is read', async () => {
    await using server = await testServer({ env });
    const body = 'x'.repeat(1_000_000);
    const headers = { 'Content-Type': 'application/json' };
    const refused = await server.request('/api/surveys/check', { method: 'POST', headers, body });
    expect(refused.status).toBe(401);
    const login = await server.request('/api/session', { method: 'POST', headers, body });
    expect(login.status).toBe(413);
  });
});

describe('every response', () => {
  it.each(['/', '/api/tasks', '/api/nothing', '/assets/none.js', '/api/openapi.json'])(
    'has headers that keep strangers’ content from running: %s',
    async (path) => {
      const { headers } = await shared.request(path);
      const policy = headers.get('Content-Security-Policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
      expect(headers.get('Cache-Control')).toMatch(/^no-(store|cache)$/);
      expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
    },
  );
});

describe('a page', () => {
  it('gets what it has missed by the last event that it saw', async () => {
    const { taskId } = await shared.json('/api/surveys', { json: exampleSurvey({ seed: 77 }) });
    await shared.until(taskId, isOver);
    const first = await firstEvents(shared, `/api/events?tasks=${taskId}`, `${taskId}:3`);
    expect(first).toContain('event: results');
    const { after, through } = JSON.parse(/event: results\ndata: (.*)/.exec(first)![1]!);
    expect(after).toBe(3);
    const { results } = await shared.json(`/api/tasks/${taskId}/results?after=3`);
    expect(results.at(-1).sequence).toBeLessThanOrEqual(through);
    const all = await shared.json(`/api/tasks/${taskId}/results`);
    expect(results).toEqual(all.results.filter(({ sequence }: { sequence: number }) => sequence > 3));
    expect(await firstEvents(shared, `/api/events?tasks=${taskId}`, `${taskId}:${through}`)).not.toContain(
      'event: results',
    );
  });
});

/** What a stream begins with: up to its first event of a task, and a little after it. */
async function firstEvents(server: TestServer, path: string, lastEventId: string): Promise<string> {
  const response = await server.request(path, { headers: { 'Last-Event-ID': lastEventId } });
  let text = '';
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    // The next look is 250 ms away: what the stream begins with comes in one go.
    if (text.includes('event: task')) break;
  }
  return text;
}

describe('a server', () => {
  it('goes on with what it ran when it is started again, and counts every answer once', async () => {
    await using server = await testServer({ models: [{ id: 'simulator?latency=20-50', baseUrl: null }] });
    const { taskId } = await server.json('/api/surveys', {
      json: exampleSurvey({
        model: 'simulator?latency=20-50',
        replicates: 20,
        limits: { maxConcurrency: 4 },
      }),
    });
    await server.until(taskId, ({ progress }) => progress.done > 5);
    await server.restart();
    const { task } = await server.until(taskId, isOver);
    expect(task).toMatchObject({ status: 'completed', successCount: 160 });
    const { results } = await server.json(`/api/tasks/${taskId}/results?limit=500`);
    expect(new Set(results.map(({ itemKey }: { itemKey: string }) => itemKey)).size).toBe(160);
  });

  it('replaces a process that is killed, and its tasks go on; one that keeps killing it is quarantined', async () => {
    await using server = await testServer({ models: [{ id: 'simulator?latency=50-90', baseUrl: null }] });
    const { taskId } = await server.json('/api/surveys', {
      json: exampleSurvey({
        model: 'simulator?latency=50-90',
        replicates: 30,
        limits: { maxConcurrency: 2 },
      }),
    });
    for (const times of [1, 2, 3]) {
      await server.until(taskId, ({ runs, progress }) => runs === 'here' && progress.inFlight > 0);
      for (const pid of server.server.runProcesses) process.kill(pid, 'SIGKILL');
      if (times < 3) await server.until(taskId, ({ runs }) => runs !== 'here');
    }
    const { task } = await server.until(taskId, ({ task }) => task.isQuarantined && task.status === 'paused');
    expect(task.errorMessage).toContain('resumed only by hand');
    await server.restart();
    expect(await server.json(`/api/tasks/${taskId}`)).toMatchObject({ task: { status: 'paused' } });
    await server.json(`/api/tasks/${taskId}/resume`, { method: 'POST' });
    const resumed = await server.until(taskId, ({ runs }) => runs === 'here');
    expect(resumed.task.isQuarantined).toBe(false);
    await server.json(`/api/tasks/${taskId}/cancel`, { method: 'POST' });
  });

  it.each(['0.0.0.0', '::', '192.0.2.1'])('refuses to listen on %s without a token', async (host) => {
    const serving = startServer({ database: ':memory:', models: [], host, port: 0, env: {} });
    await expect(serving).rejects.toMatchObject({ code: 'USAGE', data: { reason: 'server-open' } });
  });

  it('says that its port is taken', async () => {
    const serving = startServer({
      database: shared.database,
      models: [],
      port: shared.server.port,
      env: {},
      log: () => {},
    });
    await expect(serving).rejects.toThrow(`port ${shared.server.port} is taken`);
  });
});
