import { describe, expect, it } from 'vitest';
import { results as en } from '../../languages/en/results.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { computed } from '../../survey/testing/build-questionnaire.ts';
import { multiple, number, questionnaire, single, text } from '../testing/build-results.ts';
import { callsTable } from './calls-table.ts';
import type { ExportTable } from './export-table.ts';
import { interviewJsonlParts, tableJsonlParts } from './jsonl.ts';
import { longTable } from './long-table.ts';
import { scanSurvey } from './survey-scan.ts';
import { call, interviewed, streamed } from './testing/build-export.ts';
import { wideTable } from './wide-table.ts';

const noPersona = { personaColumns: [] };
const survey = questionnaire(
  { ...single('grid.row', ['y', 'Yes, please'], ['n', 'No']), stem: 'The grid', title: 'Row' },
  multiple('b', ['t', 'Tea; hot'], ['c', 'Coffee']),
  text('d'),
);

const full = interviewed({
  id: 'r1',
  weight: 2,
  answers: { 'grid.row': 'y', b: ['c', 't'], d: { status: 'skipped' } },
  details: {
    'grid.row': { raw: '"yes, please"', repairs: ['letter-case'], shownOptions: ['n', 'y'], calls: [1] },
    b: { calls: [0, 1], problem: 'first: two of one' },
  },
  calls: [call('h1', { attempts: 3 }), call('h2', { returnedModel: 'm-2', elapsedMs: 7 })],
  interview: { askedOrder: ['b', 'grid.row'], parameters: { temperature: 0.5, seed: 9 } },
});

async function objects(table: ExportTable, ...results: SurveyResult[]): Promise<Record<string, unknown>[]> {
  return lines(tableJsonlParts(table, streamed(...results)));
}

async function lines(parts: AsyncIterable<string>): Promise<Record<string, unknown>[]> {
  let all = '';
  for await (const part of parts) all += part;
  return all.split('\n').flatMap((line) => (line === '' ? [] : JSON.parse(line)));
}

describe('the long shape', () => {
  it('has the respondent with every answer', async () => {
    const results = [
      interviewed({ id: 'r1', persona: { age: '41' }, answers: { d: 'x' } }),
      interviewed({ id: 'r2', persona: { town: 'Ulm' }, answers: { d: 'y' } }),
    ];
    const rows = await objects(longTable(survey, await scanSurvey(survey, results)), ...results);
    expect(rows.map((row) => [row['persona.age'], row['persona.town'], row.value])).toEqual([
      ['41', null, 'x'],
      [null, 'Ulm', 'y'],
    ]);
    expect(Object.keys(rows[0] ?? {}).slice(0, 6)).toEqual([
      ...['respondent_id', 'replicate', 'weight', 'persona.age', 'persona.town', 'question'],
    ]);
  });

  it('has one row per answer with all its details', async () => {
    const [first, second, third] = await objects(longTable(survey, noPersona), full);
    expect(first).toEqual({
      respondent_id: 'r1',
      replicate: 0,
      weight: 2,
      question: 'grid.row',
      stem: 'The grid',
      title: 'Row',
      status: 'answered',
      value: 'y',
      label: 'Yes, please',
      shown_options: ['n', 'y'],
      asked_position: 2,
      raw: '"yes, please"',
      repairs: ['letter-case'],
      problem: null,
      prompt_hashes: ['h2'],
      requested_model: 'm',
      returned_models: ['m-2'],
      input_tokens: 10,
      output_tokens: 5,
      synthetic: true,
    });
    expect(second).toMatchObject({
      value: ['c', 't'],
      label: 'Coffee; Tea\\; hot',
      prompt_hashes: ['h1', 'h2'],
    });
    expect(second).toMatchObject({ asked_position: 1, input_tokens: 20, problem: 'first: two of one' });
    expect(third).toMatchObject({ status: 'skipped', value: null, asked_position: null, prompt_hashes: [] });
    expect(third).toMatchObject({ input_tokens: null, shown_options: null, label: null });
  });
});

describe('the calls shape', () => {
  it('has one row per request, with its questions, attempts and duration', async () => {
    const rows = await objects(callsTable(en), full, interviewed({ id: 'r2', answers: {} }));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      call: 0,
      questions: ['b'],
      prompt_hash: 'h1',
      attempts: 3,
      elapsed_ms: 12.5,
    });
    expect(rows[1]).toMatchObject({
      call: 1,
      questions: ['grid.row', 'b'],
      returned_model: 'm-2',
      elapsed_ms: 7,
    });
    expect(rows[1]).toMatchObject({ respondent_id: 'r1', temperature: 0.5, seed: 9, synthetic: true });
  });
});

describe('wide and long', () => {
  it('are the same for two runs with the same answers but different attempts and times', async () => {
    const calls = full.interview.calls.map((each) => ({ ...each, attempts: 9, elapsedMs: 999 }));
    const slower: SurveyResult = { ...full, interview: { ...full.interview, calls } };
    const scan = await scanSurvey(survey, [full]);
    for (const table of [wideTable(survey, scan), longTable(survey, noPersona)])
      expect(await objects(table, slower)).toEqual(await objects(table, full));
    expect(await lines(interviewJsonlParts(streamed(slower)))).toEqual(
      await lines(interviewJsonlParts(streamed(full))),
    );
    expect(await objects(callsTable(en), slower)).not.toEqual(await objects(callsTable(en), full));
  });
});

describe('JSON Lines, wide', () => {
  it('has one whole interview with its persona per line', async () => {
    const results = Array.from({ length: 250 }, (_, index) =>
      interviewed({
        id: `r${index}`,
        persona: { age: '3\u20286' },
        answers: { d: 'Y\n' },
        calls: [call('h')],
      }),
    );
    const all = await lines(interviewJsonlParts(streamed(...results)));
    expect(all).toHaveLength(250);
    const { interview, respondent, ...rest } = results[249] as SurveyResult;
    expect(all[249]).toEqual({
      ...interview,
      ...rest,
      persona: respondent.persona,
      synthetic: true,
      calls: [{ promptHash: 'h', returnedModel: 'm-1', inputTokens: 10, outputTokens: 5 }],
    });
  });
});

describe('a column of values', () => {
  it.each([
    ['numbers', number('q'), [1, 2.5, null], 'number'],
    ['a text among numbers, as a trigger can set', number('q'), [1, 'none'], 'text'],
    ['options that are numbers', single('q', 1, 2), [2], 'number'],
    ['options that are true and false', single('q', true, false), [true], 'boolean'],
    ['"Other" among numbers', single('q', 1, 'other'), [1], 'text'],
    ['several options', multiple('q', 'a', 'b'), [['a']], 'texts'],
    ['several numbers', multiple('q', 1, 2), [[1, 2]], 'numbers'],
    ['a text among several numbers', multiple('q', 1, 2), [[1], [1, 'x']], 'texts'],
    ['one value of a multiple choice', multiple('q', 1, 2), [[1], 2], 'text'],
  ] as const)('has a type that fits %s', async (_, question, values, type) => {
    const results = values.map((value, index) => interviewed({ id: `r${index}`, answers: { q: value } }));
    expect((await scanSurvey(questionnaire(question), results)).typeOf('q')).toBe(type);
  });

  it('exists for computed values that are exported, and for no others', async () => {
    const withSum = { ...survey, computed: [computed('sum', '1', true)] };
    const scan = await scanSurvey(withSum, [
      interviewed({ id: 'r', answers: {}, computed: { sum: 1, extra: true } }),
    ]);
    expect(scan.computedNames).toEqual(['sum', 'extra']);
    expect(scan.computedNames.map(scan.typeOf)).toEqual(['number', 'boolean']);
  });
});
