import { readFileSync } from 'node:fs';
import { type JsonValue, TaskManager, TaskRunner } from '@panelist/toolkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importSurveyJs } from './import/import-surveyjs.ts';
import type { Questionnaire } from './questionnaire.ts';
import { SURVEY } from './stored-survey.ts';
import { surveyJob } from './survey-job.ts';
import { type SurveyResult, surveyResults } from './survey-results.ts';
import { SURVEY_JOB, type SurveyTaskParams } from './survey-task.ts';
import { computed, note, number, questionnaire, single, text } from './testing/build-questionnaire.ts';
import { generatedSurvey } from './testing/generated-survey.ts';

type Json = Record<string, unknown>;

/** An object, and no persona either. */
const evil = { markup: { toString: '<meta http-equiv="refresh" content="0;url=https://example.org">' } };

const paramsOf = (asked: Questionnaire): Json => ({
  ...{
    survey: 's',
    audience: 'people.csv',
    questionnaire: asked,
    model: 'p/m',
    baseUrl: null,
    freshRun: null,
  },
  ...{ temperature: null, seed: 1, ask: 'page', randomizeOptions: false, replicates: 1, now: 1 },
});

const params = paramsOf({
  ...questionnaire([note('Hello'), single('a'), number('b', { min: 1 }), text('c')]),
  computed: [computed('sum', '{b} + 1', true)],
});

const input: Json = { respondentId: 'r1', persona: { age: '34' }, weight: 1.5, replicate: 0, asking: 0 };

const interview: Json = {
  respondentId: 'r1',
  answers: ['a', 'b', 'c'].map((question) => ({
    ...{ question, status: 'answered', value: ['x', 1, true], raw: 'x', repairs: ['code-fence'] },
    ...{ shownOptions: ['x', 'y'], calls: [0], problem: null },
  })),
  computed: { sum: 2 },
  askedOrder: ['a', 'b', 'c'],
  calls: [
    ...[
      { promptHash: 'aa', returnedModel: 'm-1', attempts: 1, inputTokens: 10, outputTokens: 5, elapsedMs: 1 },
    ],
  ],
  requestedModel: 'p/m',
  parameters: { temperature: null, seed: 1 },
};

const failure: Json = { error: { name: 'E', message: 'down', status: 500, code: null, kind: 'server' } };

interface Rows {
  readonly params?: unknown;
  readonly input?: unknown;
  readonly result?: unknown;
  readonly success?: boolean;
}

/** What is read of a task with one respondent, whose rows hold this. */
async function read(rows: Rows): Promise<SurveyResult[]> {
  const tasks = new TaskManager();
  const { store } = tasks;
  const json = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;
  await store.create({
    ...{ taskId: 'task_1', taskKey: 'k', fingerprint: 'f', job: SURVEY_JOB, totalCount: 1, createdAt: 1 },
    taskParams: json(rows.params ?? params),
    items: [{ key: 'r1', input: json(rows.input ?? input) }],
  });
  await store.transition('task_1', 'running', { at: 1 });
  const { success = true, result = interview } = rows;
  await store.record('task_1', { itemKey: 'r1', success, result: json(result), recordedAt: 2 });
  const results: SurveyResult[] = [];
  for await (const each of surveyResults(tasks, 'task_1')) results.push(each);
  return results;
}

/** A task's parameters as they are read. */
function paramsRead(taskParams: unknown): SurveyTaskParams {
  return SURVEY.params({ taskId: 'task_1', job: SURVEY_JOB, taskParams: taskParams as JsonValue });
}

/** The value with something else in each place where it holds a value, one after the other. */
function* changed(value: unknown, other: unknown): Generator<unknown> {
  yield other;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    for (const each of changed(member, other))
      yield Array.isArray(value) ? value.with(Number(key), each) : { ...value, [key]: each };
  }
}

const rejected = {
  code: 'ROW_INVALID',
  message: expect.stringMatching(/^Task "task_1", item "r1": the stored/),
};

describe('the rows of a survey', () => {
  it('are read unchanged, including members that another version may have added', async () => {
    const [result] = await read({ result: { ...interview, later: 1 } });
    expect(result?.interview).toMatchObject(interview);
    expect(result?.respondent).toEqual({ id: 'r1', persona: { age: '34' }, weight: 1.5 });
    const [failed] = await read({ success: false, result: failure });
    expect(failed?.interview.answers.map(({ status, problem }) => [status, problem])).toEqual(
      ['a', 'b', 'c'].map(() => ['failed', 'down']),
    );
  });

  it.each([
    ['a result', { result: interview }],
    ['a failure', { success: false, result: failure }],
    ['an item', { input }],
  ] satisfies [string, Rows][])(
    'are rejected with task and item if %s is an object instead of a value',
    async (_, rows) => {
      const [place, value] =
        'input' in rows ? (['input', rows.input] as const) : (['result', rows.result] as const);
      let places = 0;
      for (const other of changed(value, evil)) {
        places += 1;
        await expect(read({ ...rows, [place]: other }), JSON.stringify(other)).rejects.toMatchObject(
          rejected,
        );
      }
      expect(places).toBeGreaterThan(5);
    },
  );

  it('are rejected if a parameter is an object instead of a value', async () => {
    for (const other of changed(params, evil)) {
      await expect(read({ params: other }), JSON.stringify(other)).rejects.toMatchObject({
        code: 'ROW_INVALID',
        message: expect.stringMatching(/^Task "task_1": the stored parameters .*restore it from a backup/),
      });
    }
  });

  it.each([
    [
      'a status that is none',
      { ...interview, answers: [{ ...(interview.answers as Json[])[0], status: 'x' }] },
    ],
    ['a text that is far too long', { ...interview, requestedModel: 'x'.repeat(10_000_001) }],
    ['nothing', null],
    ['a list', [interview]],
  ])('are refused with %s', async (_, result) => {
    await expect(read({ result })).rejects.toMatchObject({ code: 'ROW_INVALID' });
  });

  it('are rejected if they are nested so deeply that reading them would overflow the stack', async () => {
    const block = { kind: 'block', name: '', title: '', description: '', isGrid: false, visibleIf: [] };
    let elements: unknown[] = [];
    for (let depth = 0; depth < 100_000; depth += 1) elements = [{ ...block, order: 'as-listed', elements }];
    const page = { name: '', title: '', description: '', visibleIf: [], order: 'as-listed', elements };
    const deep = { ...params, questionnaire: { ...questionnaire([]), pages: [page] } };
    expect(() => paramsRead(deep)).toThrow(/it is nested too deeply/);
  });

  it('cause no model call if they are invalid', async () => {
    const tasks = new TaskManager();
    const opened: string[] = [];
    const runner = new TaskRunner({ tasks }).register(
      SURVEY_JOB,
      surveyJob(async ({ model }) => {
        opened.push(model);
        throw new Error('no model');
      }),
    );
    const items = [{ key: 'r1', input: { ...input, persona: evil } }];
    const { task } = await runner.submit({ job: SURVEY_JOB, taskKey: 'k', taskParams: params, items });
    await runner.wait(task.taskId);
    const { entries } = await tasks.store.items(task.taskId);
    expect(entries[0]?.result).toMatchObject({ error: { code: 'ROW_INVALID' } });
    expect(opened).toEqual([]);
  });

  it('are upgraded if an earlier version stored them', () => {
    const stored = JSON.parse(
      readFileSync(new URL('./testing/stored-questionnaire.json', import.meta.url), 'utf8'),
    ) as Questionnaire;
    const taskParams = paramsOf(stored);
    const read = paramsRead(taskParams);
    expect(read.questionnaire.lists).toEqual([]);
    expect(paramsRead(taskParams)).toBe(read);
  });

  it('can contain everything that is imported from a survey', () => {
    fc.assert(
      fc.property(generatedSurvey, (survey) => {
        const taskParams = JSON.parse(JSON.stringify(paramsOf(importSurveyJs(survey)))) as unknown;
        expect(paramsRead(taskParams)).toBe(taskParams);
      }),
      { numRuns: 200 },
    );
  });
});
