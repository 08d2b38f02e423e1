import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleSurvey, type TestServer, testServer } from '../testing/test-server.ts';

let server: TestServer;
let taskId: string;
let task: string;
const survey = JSON.stringify({
  title: 'Lunch',
  elements: [
    { type: 'radiogroup', name: 'where', title: 'Where?', choices: ['=cmd()', 'at work'] },
    { type: 'rating', name: 'like', rateMax: 5 },
    { type: 'comment', name: 'why' },
  ],
});
const people = Array.from(
  { length: 30 },
  (_, index) => `../p/${index},${20 + index},${index % 2 ? 'f' : 'm'}`,
);
const audience = { name: 'people.csv', text: `id,age,sex\n${people.join('\n')}\n` };

async function deploy(options: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const survey_ = { name: 'lunch.json', text: survey };
  const sent = exampleSurvey({ survey: survey_, audience, ...options });
  const submitted = await server.json('/api/surveys', { json: sent });
  await server.until(submitted.taskId, ({ task: { status } }) => status === 'completed');
  return submitted.taskId;
}

beforeAll(async () => {
  server = await testServer();
  taskId = await deploy();
  task = `/api/tasks/${taskId}`;
});
afterAll(() => server[Symbol.asyncDispose]());

const query = (values: Readonly<Record<string, unknown>>): string =>
  new URLSearchParams(
    Object.entries(values).map(([key, value]): [string, string] => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  ).toString();

describe('GET /api/tasks/{taskId}/answers', () => {
  it('gives the first interviews at once, then those that are selected', async () => {
    const first = await server.json(`${task}/answers?limit=10`);
    expect(first).toMatchObject({ total: 30, selected: 30, from: 0, indexing: null });
    expect(first.rows.map(({ key }: { key: string }) => key)).toEqual(
      Array.from({ length: 10 }, (_, index) => `../p/${index}`),
    );
    const after = await server.json(`${task}/answers?${query({ limit: 25, after: first.next })}`);
    expect(after).toMatchObject({ from: 10, next: null });
    const chosen = {
      filters: [{ column: 'persona.sex', values: ['f'] }],
      sort: 'persona.age',
      descending: 'true',
    };
    const selected = await server.json(`${task}/answers?${query({ ...chosen, columns: ['persona.age'] })}`);
    expect(selected).toMatchObject({ selected: 15, columns: ['persona.age'] });
    expect(selected.rows[0].cells).toEqual([{ status: null, text: '49', isCut: false }]);
    expect((await server.json(`${task}/answers?find=${encodeURIComponent('p/17')}`)).selected).toBe(1);
    const { columns } = await server.json(`${task}/answers/columns`);
    expect(columns.map(({ id }: { id: string }) => id)).toEqual([
      ...['persona.age', 'persona.sex', 'answer.where', 'answer.like', 'answer.why'],
    ]);
  });

  it.each([
    ['limit=201', 'REQUEST_INVALID'],
    ['filters=[', 'REQUEST_INVALID'],
    ['filters=[{"column":"a","is":1}]', 'REQUEST_INVALID'],
    ['sort=answer.none', 'USAGE'],
    ['after=x', 'USAGE'],
  ])('refuses %s', async (text, code) => {
    const response = await server.request(`${task}/answers?${text}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code });
  });

  it('says that there is no such task', async () => {
    const response = await server.request('/api/tasks/task_none/answers');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'TASK_NOT_FOUND' });
  });
});

it('explains an answer, whatever the id of the respondent', async () => {
  const found = await server.json(`${task}/answers/why?${query({ key: '../p/3', question: 'where' })}`);
  expect(found).toMatchObject({
    ...{ key: '../p/3', position: 3, previous: '../p/2', next: '../p/4', status: 'answered' },
    calls: [{ attempts: 1, prompt: { isStored: true } }],
  });
  expect(found.calls[0].prompt.messages.at(-1).content).toContain('Where?');
  const unknown = await server.request(`${task}/answers/why?${query({ key: 'no', question: 'where' })}`);
  expect(unknown.status).toBe(400);
});

it('summarises the answers, by columns of personas', async () => {
  const summary = await server.json(`${task}/summary?by=sex&by=age:q2&nominal=like`);
  expect(summary).toMatchObject({ title: 'Lunch', interviews: 30 });
  expect(summary.questions[1]).toMatchObject({ name: 'like', level: 'nominal', numbers: null });
  expect(summary.crossTables.map(({ by }: { by: string }) => by)).toEqual(['sex', 'age:q2']);
  expect((await server.json(`${task}/summary`)).questions[1].numbers.n).toBeGreaterThan(0);
  expect((await server.request(`${task}/summary?by=none`)).status).toBe(400);
  expect(await server.json(`${task}/failures`)).toEqual({ failed: 0, groups: [], others: 0 });
  const { succeeded } = await server.json(`${task}/timeline`);
  expect(succeeded.reduce((sum: number, count: number) => sum + count, 0)).toBe(30);
});

it('compares two runs, and a run with people', async () => {
  const other = await deploy({ seed: 7 });
  const runs = await server.json(`/api/comparisons?first=${taskId}&second=${other}`);
  expect(runs).toMatchObject({ respondents: { first: 30, second: 30 }, calibration: null });
  expect(runs.questions.map(({ name }: { name: string }) => name)).toEqual(['where', 'like']);
  expect((await server.request(`/api/comparisons?first=${taskId}&second=${taskId}`)).status).toBe(400);
  const rows = Array.from(
    { length: 40 },
    (_, index) => `${index % 4 ? '=cmd()' : 'at work'},${1 + (index % 5)},1`,
  );
  const file = { name: 'humans.csv', text: `place,like,w\n${rows.join('\n')}\n` };
  const request = { taskId, people: file, columns: { where: 'place' }, weightColumn: 'w' };
  const withPeople = await server.json('/api/comparisons', { json: request });
  expect(withPeople).toMatchObject({ respondents: { second: 40 }, calibration: { people: 40 } });
  expect(withPeople.questions[0].options[0].second).toMatchObject({ count: 30, share: 0.75 });
  const wrong = await server.request('/api/comparisons', {
    json: { taskId, people: { name: '/etc/passwd' } },
  });
  expect(wrong.status).toBe(400);
});

describe('GET /api/tasks/{taskId}/downloads/{file}', () => {
  it.each([
    ['answers.csv', /^\ufeffrespondent_id,/],
    ['answers-long.csv', /where/],
    ['answers.jsonl', /^\{"respondentId":"\.\.\/p\/0"/],
    ['answers.parquet', /^PAR1/],
    ['calls.csv', /prompt_hash/],
    ['codebook.csv', /where/],
    ['methods.md', /simulator/],
    ['report.html', /^<!doctype html>/i],
  ])('gives %s as an attachment', async (file, begins) => {
    const response = await server.request(`${task}/downloads/${file}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Disposition')).toBe(`attachment; filename="${taskId}-${file}"`);
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
    expect(text).toMatch(begins);
    // No cell begins a formula.
    if (file === 'answers.csv') expect(text).not.toMatch(/(?:^|[,;"\n])=cmd/);
  });

  it('answers with a problem where the file cannot be made', async () => {
    expect((await server.request(`${task}/downloads/..%2f..%2fsecret`)).status).toBe(400);
    const response = await server.request(`${task}/downloads/report.html?by=none`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'USAGE' });
    expect((await server.request('/api/tasks/task_none/downloads/answers.csv')).status).toBe(404);
  });

  it('stops making a file that nobody reads any more', async () => {
    const stopped = new AbortController();
    const response = await server.request(`${task}/downloads/answers.csv`, { signal: stopped.signal });
    await response.body?.getReader().read();
    stopped.abort();
    expect((await server.json(`${task}/summary`)).interviews).toBe(30);
  });
});
