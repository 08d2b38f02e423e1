import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { multiple, questionnaire, single } from '../testing/build-results.ts';
import { exportDocumentation, exportResults } from './export-results.ts';
import type { ExportFormat, ExportShape } from './export-table.ts';
import { scanSurvey } from './survey-scan.ts';
import { call, interviewed, recordOf, streamed } from './testing/build-export.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-export-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const survey = questionnaire(single('a', 'Yes', 'No'));
const one = interviewed({ id: 'r1', answers: { a: 'Yes' }, calls: [call('h1')] });
const jsonl = { questionnaire: survey, format: 'jsonl' } as const;
const written = '{"respondentId":"r1"';

describe('exportResults', () => {
  it.each<[ExportFormat, ExportShape, RegExp]>([
    ['csv', 'wide', /^\ufeffrespondent_id,replicate,weight,a,a\.status,[^\r]*\r\nr1,0,1,Yes,/],
    ['csv', 'long', /^\ufeffrespondent_id,replicate,weight,question,[^\r]*\r\nr1,0,1,a,/],
    ['csv', 'calls', /^\ufeffrespondent_id,replicate,weight,call,[^\r]*\r\nr1,0,1,0,/],
    ['jsonl', 'wide', /^\{"respondentId":"r1",.*"answers":\[.*\n$/],
    ['jsonl', 'long', /^\{"respondent_id":"r1",.*"question":"a",.*\n$/],
    ['jsonl', 'calls', /^\{"respondent_id":"r1",.*"attempts":1,.*\n$/],
    ['parquet', 'long', /^PAR1.*question.*PAR1$/s],
  ])('writes %s, %s', async (format, shape, content) => {
    const path = join(folder, 'out');
    await exportResults(path, () => streamed(one), { questionnaire: survey, format, shape });
    expect(await readFile(path, 'latin1')).toMatch(
      new RegExp(content.source.replace('\\ufeff', 'ï»¿'), content.flags),
    );
    expect(await readdir(folder)).toEqual(['out']);
  });
});

it.each(['wide', 'long'] as const)(
  'JSONL, %s, escapes control and direction characters, and preserves the texts',
  async (shape) => {
    const path = join(folder, 'out.jsonl');
    const hostile = 'a\u202eb\u009bc\u007fd';
    const persona = { [hostile]: hostile };
    const result = interviewed({ id: hostile, persona, answers: { a: hostile } });
    await exportResults(path, () => streamed(result), { ...jsonl, shape });
    const text = await readFile(path, 'utf8');
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
    expect(text).toContain('a\\u202eb\\u009bc\\u007fd');
    const { respondentId, respondent_id } = JSON.parse(text) as Record<string, string>;
    expect(respondentId ?? respondent_id).toBe(hostile);
  },
);

describe('0/1 columns of multiple choices', () => {
  const of = questionnaire(
    multiple('b', ['t', 'Tea'], ['c', 'Coffee'], ['?', 'No idea', 'dont-know']),
    single('a', 'x'),
  );
  const rows = [
    interviewed({ id: 'r1', answers: { b: ['c'], a: 'x' } }),
    interviewed({ id: 'r2', answers: { b: { value: ['t'], shown: ['t', '?'] }, a: 'x' } }),
    interviewed({ id: 'r3', answers: { b: null, a: 'x' } }),
    interviewed({ id: 'r4', answers: { b: { status: 'dont-know', value: ['?'] }, a: 'x' } }),
    interviewed({ id: 'r5', answers: { b: { status: 'preset', value: ['t'] }, a: 'x' } }),
  ];

  it('are 1 for chosen options, and empty if nothing was chosen or the option was not offered', async () => {
    const path = join(folder, 'out.csv');
    const scan = await exportResults(path, () => streamed(...rows), { questionnaire: of, indicators: true });
    const read = parse(await readFile(path), { bom: true, columns: true }) as Record<string, string>[];
    const names = Object.keys(read[0] ?? {}).filter((name) => name.startsWith('b'));
    expect(names).toEqual(['b', 'b.status', 'b[t]', 'b[c]']);
    expect(read.map((row) => [row['b[t]'], row['b[c]']])).toEqual([
      ['0', '1'],
      ['1', ''],
      ['', ''],
      ['', ''],
      ['1', '0'],
    ]);
    const [codebook] = await exportDocumentation(path, recordOf(of), scan, { indicators: true });
    const explained = parse(await readFile(codebook as string), { bom: true, columns: true }) as {
      column: string;
      description: string;
    }[];
    expect(explained.find(({ column }) => column === 'b[c]')?.description).toContain('“Coffee”');
  });

  it('are written only on request', async () => {
    const path = join(folder, 'out.csv');
    await exportResults(path, () => streamed(...rows), { questionnaire: of });
    expect(await readFile(path, 'utf8')).not.toContain('b[');
  });

  it.each<[ExportFormat, ExportShape]>([
    ['csv', 'long'],
    ['parquet', 'calls'],
    ['jsonl', 'wide'],
  ])('are rejected for %s, %s, which has no such columns', async (format, shape) => {
    const path = join(folder, 'out');
    const exported = exportResults(path, () => streamed(...rows), {
      ...{ questionnaire: of, format, shape, indicators: true },
    });
    await expect(exported).rejects.toMatchObject({ code: 'USAGE' });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('exportDocumentation', () => {
  it('writes a codebook and a methods sheet beside the file, with its base name', async () => {
    const scan = await scanSurvey(survey, [one]);
    const paths = await exportDocumentation(join(folder, 'my.data.csv'), recordOf(survey), scan, {
      shape: 'calls',
    });
    expect(paths).toEqual([join(folder, 'my.data.codebook.csv'), join(folder, 'my.data.methods.md')]);
    const rows = parse(await readFile(paths[0] as string), { bom: true, columns: true }) as {
      column: string;
    }[];
    expect(rows.map(({ column }) => column)).toContain('elapsed_ms');
    expect(await readFile(paths[1] as string, 'utf8')).toMatch(/^# Methods\n\n## Synthetic data\n/);
  });

  it.skipIf(process.platform === 'win32')('writes nothing beside a device', async () => {
    expect(await exportDocumentation('/dev/null', recordOf(survey), await scanSurvey(survey, [one]))).toEqual(
      [],
    );
  });
});

describe('a file that cannot be written', () => {
  it('is reported with its path', async () => {
    const path = join(folder, 'missing', 'out.jsonl');
    const error = { code: 'FILE_NOT_WRITABLE', message: expect.stringContaining(JSON.stringify(path)) };
    await expect(exportResults(path, () => streamed(), jsonl)).rejects.toMatchObject(error);
    const isFolder = exportResults(folder, () => streamed(), jsonl);
    await expect(isFolder).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('stays unchanged if its source fails, and no temporary file remains', async () => {
    const path = join(folder, 'out.csv');
    await writeFile(path, 'before');
    const broken = new Error('broken');
    async function* source(): AsyncGenerator<SurveyResult> {
      for (let index = 0; index < 150; index++) yield one;
      throw broken;
    }
    const scan = await scanSurvey(survey, [one]);
    await expect(exportResults(path, source, { questionnaire: survey, scan })).rejects.toBe(broken);
    expect(await readFile(path, 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['out.csv']);
  });

  it('appears under its name only when complete', async () => {
    const path = join(folder, 'out.jsonl');
    const seen: string[][] = [];
    async function* source(): AsyncGenerator<SurveyResult> {
      for (let index = 0; index < 300; index++) yield one;
      seen.push(await readdir(folder));
    }
    await exportResults(path, source, { ...jsonl, scan: await scanSurvey(survey, [one]) });
    expect(seen[0]).toHaveLength(1);
    expect(seen[0]).not.toContain('out.jsonl');
    expect(await readdir(folder)).toEqual(['out.jsonl']);
  });
});

describe('the path of the file', () => {
  it('stays a link, and the target is replaced', async () => {
    const path = join(folder, 'link.jsonl');
    await mkdir(join(folder, 'far'));
    await writeFile(join(folder, 'far', 'out.jsonl'), 'before');
    await symlink(join('far', 'out.jsonl'), path);
    await exportResults(path, () => streamed(one), jsonl);
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, 'far', 'out.jsonl'), 'utf8')).toContain(written);
    expect(await readdir(join(folder, 'far'))).toEqual(['out.jsonl']);
  });

  it.skipIf(process.platform === 'win32')('stays a pipe, and receives the output', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const [read] = await Promise.all([
      readFile(path, 'utf8'),
      exportResults(path, () => streamed(one), jsonl),
    ]);
    expect(read).toContain(written);
    expect((await lstat(path)).isFIFO()).toBe(true);
    expect(await readdir(folder)).toEqual(['pipe']);
  });
});
