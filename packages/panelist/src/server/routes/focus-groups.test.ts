import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTasks } from '../../application/tasks/open-tasks.ts';
import { type PanelistServer, startServer } from '../serve.ts';

const hostile = '<img src=x onerror=alert(1)>\u202e';
const audience = {
  name: 'people.csv',
  text: `id,name,age\n1,Ada,34\n2,Bo Berg,67\n3,${hostile},23\n`,
};
const guide = {
  name: 'lunch.guide.yaml',
  text: `title: Lunch
model: simulator
seed: 1
participants: {}
poll:
  survey:
    elements:
      - { type: rating, name: favour, title: How much do you like lunch?, rateMax: 5 }
rounds:
  - message: What is for lunch?
    followUps: [And why?]
  - message: And tomorrow?
`,
};

const cheap = 'simulator?seed=5';
const dear = 'simulator?seed=6';
/** For a million tokens. */
const usd = (input: number, output: number) => ({ input, output });

let folder: string;
let server: PanelistServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-groups-'));
  const prices = join(folder, 'prices.json');
  await writeFile(prices, JSON.stringify({ models: { [cheap]: usd(1, 2), [dear]: usd(100, 300) } }));
  server = await startServer({
    database: join(folder, 'panelist.db'),
    prices,
    models: [
      { id: 'simulator', baseUrl: null },
      { id: 'simulator?latency=60000-60000', baseUrl: null },
      { id: cheap, baseUrl: null },
      { id: dear, baseUrl: null },
    ],
    port: 0,
    env: {},
    log: () => {},
  });
});

afterAll(async () => {
  await server?.close({ drainMs: 0 });
  await rm(folder, { recursive: true, force: true });
});

async function request(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${server.url}/api/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', 'Panelist-Request': '1' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

// biome-ignore lint/suspicious/noExplicitAny: bodies are checked by the expectations
async function json(method: string, path: string, body?: unknown): Promise<any> {
  const response = await request(method, path, body);
  return { httpStatus: response.status, ...((await response.json()) as object) };
}

async function open(focusGroupId: string, more: object = {}) {
  return json('POST', 'focus-groups', { focusGroupId, guide, audience, model: 'simulator', ...more });
}

async function idle(focusGroupId: string): Promise<void> {
  await expect
    .poll(async () => (await json('GET', `focus-groups/${focusGroupId}`)).state.status, { timeout: 60_000 })
    .toBe('idle');
}

describe('focus groups over HTTP', () => {
  it('checks a guide: problems with their lines, or who takes part and what it costs', async () => {
    const wrong = { name: 'x.yaml', text: 'title: Lunch\nparticipants: {}\nrounds:\n  - mesage: Hello\n' };
    const checked = await json('POST', 'focus-groups/check', { guide: wrong, audience: null, model: null });
    expect(checked).toMatchObject({
      httpStatus: 200,
      audience: null,
      guide: { problems: expect.arrayContaining([expect.objectContaining({ line: 4 })]) },
    });
    const broken = { name: 'x.yaml', text: 'title: [\n' };
    expect(await json('POST', 'focus-groups/check', { guide: broken, audience, model: null })).toMatchObject({
      guide: { problems: [{ line: expect.any(Number) }] },
    });
    const good = await json('POST', 'focus-groups/check', { guide, audience, model: 'simulator' });
    expect(good).toMatchObject({
      guide: { problems: [], title: 'Lunch', rounds: 3, hasPoll: true },
      audience: { respondents: 3, problem: null },
      participants: [{ name: 'Ada' }, { name: 'Bo Berg' }, { id: '3' }],
      preview: { participants: 3, calls: { min: 15, max: 15 } },
      problem: null,
    });
    expect(
      await json('POST', 'focus-groups/check', { guide, audience, model: 'openai/gpt-5' }),
    ).toMatchObject({ httpStatus: 422, code: 'MODEL_NOT_OFFERED' });
    const nobody = { ...guide, text: guide.text.replace('{}', '{ where: "{age} > 99" }') };
    expect(
      await json('POST', 'focus-groups/check', { guide: nobody, audience, model: 'simulator' }),
    ).toMatchObject({ preview: null, problem: { code: 'GUIDE_INVALID' } });
  });

  it('opens a group once, runs its guide to the end, and shows it', async () => {
    const created = await Promise.all([open('run', { run: true }), open('run', { run: true })]);
    expect(created.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
    await idle('run');
    expect(await json('GET', 'focus-groups/run')).toMatchObject({
      rounds: 3,
      replies: 9,
      failed: 0,
      hasNext: false,
      plan: [{ step: 'poll-before', isDone: true }, {}, {}, {}, { step: 'poll-after', isDone: true }],
      spending: { inputTokens: expect.any(Number) },
    });
    const { turns, before } = await json('GET', 'focus-groups/run/turns?limit=4');
    expect(turns.map(({ step }: { step: string }) => step)).toEqual([
      'round-1',
      'round-1/follow-up-1',
      'round-2',
      'poll-after',
    ]);
    expect(turns[0].content.replies).toMatchObject([{ status: 'replied' }, {}, {}]);
    expect((await json('GET', `focus-groups/run/turns?before=${before}`)).turns).toHaveLength(2);
    const other = { ...guide, text: guide.text.replace('Lunch', 'Dinner') };
    expect(await open('run', { guide: other })).toMatchObject({ httpStatus: 409, code: 'GROUP_CHANGED' });
    expect(await json('GET', 'focus-groups')).toMatchObject({
      groups: expect.arrayContaining([expect.objectContaining({ focusGroupId: 'run', replies: 9 })]),
    });
  });

  it('says a message once, to whom it names, and takes no stranger to the group', async () => {
    await open('talk');
    const said = { messageId: 'm1', message: '@Bo, what about you?' };
    const answers = await Promise.all([
      json('POST', 'focus-groups/talk/messages', said),
      json('POST', 'focus-groups/talk/messages', said),
    ]);
    expect(answers.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
    await idle('talk');
    expect((await json('POST', 'focus-groups/talk/messages', said)).isNew).toBe(false);
    expect(
      await json('POST', 'focus-groups/talk/messages', { messageId: 'm2', message: '@Zoe hello' }),
    ).toMatchObject({ httpStatus: 400, code: 'USAGE' });
    const { turns } = await json('GET', 'focus-groups/talk/turns');
    expect(turns).toHaveLength(2);
    expect(turns[1].content).toMatchObject({
      ...{ kind: 'round', host: 'live', message: 'what about you?', to: ['Bo Berg'] },
      replies: [{ participantId: '2', status: 'replied' }],
    });
    expect(await json('DELETE', 'focus-groups/talk/messages/m1')).toMatchObject({ httpStatus: 400 });
  });

  it('polls, analyses, and gives transcript and report to save', async () => {
    await open('full', { run: true });
    await idle('full');
    const survey = {
      name: 'poll.json',
      text: JSON.stringify({ elements: [{ type: 'boolean', name: 'again', title: 'Again?' }] }),
    };
    expect(await json('POST', 'focus-groups/full/polls', { pollId: 'p1', survey })).toMatchObject({
      isNew: true,
      warnings: [],
    });
    await json('POST', 'focus-groups/full/themes', { model: null });
    await idle('full');
    const results = await json('GET', 'focus-groups/full/results');
    expect(results).toMatchObject({
      analysis: {
        shifts: [{ question: 'favour', pairs: 3 }],
        themeMethod: { by: 'model', model: 'simulator' },
      },
      themesAreOld: false,
      polls: [
        { poll: 'before' },
        { poll: 'after' },
        { poll: 'live', questions: [{ title: 'Again?', n: 3 }] },
      ],
    });
    for (const file of ['transcript.md', 'transcript.csv', 'transcript.jsonl', 'report.html']) {
      const response = await request('GET', `focus-groups/full/downloads/${file}`);
      expect(response.headers.get('Content-Disposition')).toContain(`attachment; filename="fg_full.${file}"`);
      const text = await response.text();
      expect(text).toContain('What is for lunch?');
      expect(text).not.toContain(file === 'report.html' ? '<img src=x' : '\u202e');
    }
    expect(await json('GET', 'focus-groups/nobody/downloads/report.html')).toMatchObject({
      httpStatus: 404,
      code: 'GROUP_NOT_FOUND',
    });
  });

  it('counts each call at the price of the model that was asked', async () => {
    const spending = async () => (await json('GET', 'focus-groups/paid')).spending;
    await open('paid', { run: true, model: cheap });
    await idle('paid');
    const before = await spending();
    expect(before.inputTokens).toBeGreaterThan(0);
    expect(before.costUsd * 1_000_000).toBeCloseTo(before.inputTokens + 2 * before.outputTokens, 6);
    await json('POST', 'focus-groups/paid/themes', { model: dear });
    await idle('paid');
    const after = await spending();
    const input = after.inputTokens - before.inputTokens;
    const output = after.outputTokens - before.outputTokens;
    expect(output).toBeGreaterThan(0);
    expect((after.costUsd - before.costUsd) * 1_000_000).toBeCloseTo(100 * input + 300 * output, 6);
  });

  it('pauses, goes on, cancels and deletes', async () => {
    await open('slow', { run: true, model: 'simulator?latency=60000-60000' });
    await expect.poll(async () => (await json('GET', 'focus-groups/slow')).state.taskId).not.toBeNull();
    expect((await json('DELETE', 'focus-groups/slow')).httpStatus).toBe(400);
    expect((await json('POST', 'focus-groups/slow/pause')).httpStatus).toBe(200);
    expect((await json('GET', 'focus-groups/slow')).state.waiting).toMatchObject([{ kind: 'guide' }]);
    expect((await json('POST', 'focus-groups/slow/cancel')).httpStatus).toBe(200);
    await idle('slow');
    expect((await json('PATCH', 'focus-groups/slow/limits', { maxTokens: 5_000 })).httpStatus).toBe(200);
    expect((await json('GET', 'focus-groups/slow')).limits).toMatchObject({ maxTokens: 5_000 });
    const { tasks } = await json('GET', 'tasks?search=slow&kind=turn');
    expect(await json('DELETE', `tasks/${tasks[0].taskId}`)).toMatchObject({
      httpStatus: 400,
      detail: expect.stringContaining('a turn of the focus group "slow"'),
    });
    expect((await json('DELETE', 'focus-groups/slow')).httpStatus).toBe(200);
    expect(await json('GET', 'focus-groups/slow')).toMatchObject({ httpStatus: 404 });
  });

  it('stops at a limit, says why, and goes on once it is raised', async () => {
    // With a seed of its own: replies of the other groups would be replayed, and cost nothing.
    await open('dear', { run: true, seed: 7, limits: { maxTokens: 1_000 } });
    await expect
      .poll(async () => (await json('GET', 'focus-groups/dear')).state, { timeout: 60_000 })
      .toMatchObject({ status: 'paused', reason: expect.stringContaining('1000') });
    await json('PATCH', 'focus-groups/dear/limits', { maxTokens: null });
    expect((await json('POST', 'focus-groups/dear/resume')).httpStatus).toBe(200);
    await idle('dear');
    expect(await json('GET', 'focus-groups/dear')).toMatchObject({ hasNext: false, failed: 0, replies: 9 });
  });

  it('replays what a page has missed, by the id of the last event that it got', async () => {
    await open('live');
    const first = await readEvents('live', undefined, ({ event }) => event === 'group');
    await json('POST', 'focus-groups/live/messages', { messageId: 'm1', message: 'Hello?' });
    await idle('live');
    const missed = await readEvents(
      'live',
      first.at(-1)?.id,
      ({ event, data }) => event === 'group' && data.state?.status === 'idle',
    );
    const turns = missed.filter(({ event }) => event === 'turn');
    expect(turns.at(-1)?.data).toMatchObject({
      focusGroupId: 'live',
      turn: { status: 'completed', content: { message: 'Hello?', replies: [{}, {}, {}] } },
    });
    expect(missed.at(-1)?.data.from).toBe(first.at(-1)?.data.cursor);
    const gone = await readEvents('nobody', undefined, ({ event }) => event === 'group');
    expect(gone.at(-1)?.data).toMatchObject({ focusGroupId: 'nobody', state: null });
  });

  it('asks no model that is not offered', async () => {
    await open('elsewhere');
    const { tasks, close } = await openTasks(join(folder, 'panelist.db'));
    const [opening] = await tasks.store.list({ taskKey: 'fg_elsewhere' });
    await tasks.getOrCreateTask({
      job: 'focus-group-opening',
      taskKey: 'fg_foreign',
      taskParams: {
        ...(opening!.taskParams as object),
        focusGroupId: 'foreign',
        group: {
          ...(opening!.taskParams as { group: object }).group,
          ...{ focusGroupId: 'foreign', baseUrl: 'https://evil.example/v1' },
        },
      },
    });
    await close();
    expect(
      await json('POST', 'focus-groups/foreign/messages', { messageId: 'm', message: 'Hi' }),
    ).toMatchObject({ httpStatus: 422, code: 'MODEL_NOT_OFFERED' });
  });
});

interface Sent {
  readonly id: string | undefined;
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies are checked by the expectations
  readonly data: any;
}

async function readEvents(
  group: string,
  lastEventId: string | undefined,
  isLast: (sent: Sent) => boolean,
): Promise<readonly Sent[]> {
  const abort = new AbortController();
  const response = await fetch(`${server.url}/api/events?groups=${group}`, {
    signal: abort.signal,
    headers: lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId },
  });
  const sent: Sent[] = [];
  let text = '';
  try {
    for await (const part of response.body as ReadableStream<Uint8Array>) {
      text += new TextDecoder().decode(part);
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const of = (name: string): string | undefined =>
          lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
        const data = of('data');
        if (data === undefined) continue;
        const each = { id: of('id'), event: of('event') ?? '', data: JSON.parse(data) };
        sent.push(each);
        if (isLast(each)) return sent;
      }
    }
    return sent;
  } finally {
    abort.abort();
  }
}
