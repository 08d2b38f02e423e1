import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importSurveyJs } from '../../survey/import/import-surveyjs.ts';
import { interview } from '../../survey/interview/interview.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { ScriptedModel } from '../../survey/testing/scripted-model.ts';
import { writeReport } from '../report/write-report.ts';
import { type SurveySummary, summariseSurvey } from '../survey-summary.ts';
import { exportDocumentation, exportResults } from './export-results.ts';
import type { ExportFormat, ExportShape } from './export-table.ts';
import { scanSurvey } from './survey-scan.ts';
import { recordOf, streamed } from './testing/build-export.ts';

const survey = importSurveyJs({
  title: 'Trial',
  elements: [
    { type: 'text', name: 'group', title: 'Group', readOnly: true, defaultValue: 'treatment' },
    {
      type: 'radiogroup',
      name: 'arm',
      title: 'Arm',
      readOnly: true,
      choices: ['short', 'long'],
      defaultValue: 'long',
    },
    { type: 'text', name: 'dose', title: 'Dose', inputType: 'number', readOnly: true, defaultValue: 20 },
    { type: 'rating', name: 'liked', title: 'How did you like it?' },
  ],
  calculatedValues: [{ name: 'twice', expression: '{liked} * 2', includeIntoResult: true }],
  triggers: [{ type: 'setvalue', expression: '{liked} > 3', setToName: 'fan', setValue: 'yes' }],
});

let folder: string;
let results: SurveyResult[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-preset-'));
  results = await Promise.all(['5', '2'].map((liked, index) => interviewed(`r${index + 1}`, Number(liked))));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function interviewed(id: string, liked: number): Promise<SurveyResult> {
  const respondent = { id, persona: { city: id === 'r1' ? 'Rome' : 'Oslo' } };
  const { signal } = new AbortController();
  const model = new ScriptedModel({ q4: liked });
  return {
    respondent,
    replicate: 0,
    weight: 1,
    interview: await interview(survey, respondent, model, { signal }),
  };
}

async function exported(format: ExportFormat, shape: ExportShape): Promise<Record<string, unknown>[]> {
  const path = join(folder, `out-${shape}.${format}`);
  await exportResults(path, () => streamed(...results), { questionnaire: survey, format, shape });
  if (format === 'parquet') {
    const bytes = await readFile(path);
    return parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer,
    });
  }
  const text = await readFile(path, 'utf8');
  if (format === 'csv') return parse(text, { bom: true, columns: true });
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('values that the survey itself sets', () => {
  it.each<ExportFormat>(['csv', 'parquet'])('are in the wide %s, with their status', async (format) => {
    const [first, second] = await exported(format, 'wide');
    expect(first).toMatchObject({ group: 'treatment', 'group.status': 'preset', arm: 'long' });
    expect(first).toMatchObject({ 'arm.status': 'preset', 'dose.status': 'preset', fan: 'yes' });
    expect([String(first?.dose), String(first?.liked), String(first?.twice)]).toEqual(['20', '5', '10']);
    expect(second).toMatchObject({ group: 'treatment' });
    expect(second?.fan || null).toBeNull();
  });

  it.each<ExportFormat>(['csv', 'jsonl', 'parquet'])('are in the long %s', async (format) => {
    const rows = await exported(format, 'long');
    const row = { question: 'group', status: 'preset', value: 'treatment' };
    expect(rows.filter(({ question }) => question === 'group')).toMatchObject([row, row]);
  });

  it('are in the JSONL of whole interviews', async () => {
    const [first] = await exported('jsonl', 'wide');
    expect(first?.answers).toContainEqual(
      expect.objectContaining({ question: 'group', status: 'preset', value: 'treatment', raw: null }),
    );
    expect(first?.computed).toEqual({ twice: 10, fan: 'yes' });
  });

  it('are explained in codebook and methods sheet', async () => {
    const scan = await scanSurvey(survey, results);
    const [codebook, methods] = await exportDocumentation(join(folder, 'my.csv'), recordOf(survey), scan);
    const rows = parse(await readFile(codebook as string), { bom: true, columns: true }) as {
      column: string;
      description: string;
    }[];
    const describes = (name: string): string | undefined =>
      rows.find(({ column }) => column === name)?.description;
    expect(describes('(status) preset')).toContain('not asked: the survey itself gives the value');
    expect(describes('group.status')).toContain('preset = not asked');
    expect(describes('fan')).toBe("Set by the survey's triggers, when: {liked} > 3");
    expect(describes('twice')).toBe('Computed from the answers: {liked} * 2');
    expect(await readFile(methods as string, 'utf8')).toContain('- preset: 6 (not asked: the survey itself');
  });

  it('are counted separately in the summary and the report, and in no distribution or mean', async () => {
    const summary = await summariseSurvey(survey, results);
    const [group, arm, dose, liked] = summary.questions;
    expect(group).toMatchObject({ answers: 0, n: 0, examples: [], statuses: { preset: 2, answered: 0 } });
    expect(arm).toMatchObject({ n: 0, options: [{ count: 0 }, { count: 0 }] });
    expect(dose).toMatchObject({ n: 0, numbers: null });
    expect(liked).toMatchObject({ n: 2, numbers: { mean: 3.5 } });
    const path = join(folder, 'report.html');
    const { facts } = await scanSurvey(survey, results);
    await writeReport(path, { record: recordOf(survey), facts, summary });
    expect(await readFile(path, 'utf8')).toContain('2 preset by the survey');
  });

  it.each([
    ['arm', ['short', 'long'], [0, 2]],
    ['group', ['treatment'], [2]],
    ['dose', ['20'], [2]],
    ['city', ['Oslo', 'Rome'], [1, 1]],
  ])('make groups like a persona column: --by %s', async (by, labels, sizes) => {
    const { crossTables } = (await summariseSurvey(survey, results, { by })) as SurveySummary;
    const liked = crossTables[0]?.tables.find(({ question }) => question.name === 'liked');
    expect(liked?.groups.map(({ label }) => label)).toEqual(labels);
    expect(liked?.groups.map(({ n }) => n)).toEqual(sizes);
    expect(crossTables[0]?.tables.map(({ question }) => question.name)).not.toContain(by);
  });
});
