import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnswerStatus, AnswerValue } from '../../survey/answer.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { multiple, number, questionnaire, single, text } from '../../survey/testing/build-questionnaire.ts';
import { exportCsv } from './csv.ts';
import { exportJsonl } from './jsonl.ts';
import { personaColumns } from './persona-columns.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-export-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function result(
  id: string,
  persona: Record<string, string>,
  values: Record<string, AnswerValue | null>,
  status: AnswerStatus = 'answered',
): SurveyResult {
  const answers = Object.entries(values).map(([question, value]) => {
    return { question, status, value, raw: JSON.stringify(value), repairs: [], asked: 1, problem: null };
  });
  const interview = { respondentId: id, answers, requestedModel: 'p/m', returnedModels: ['m-1'] };
  return { respondent: { id, persona }, interview: { ...interview, inputTokens: 3, outputTokens: 4 } };
}

async function* streamed<T>(...items: T[]): AsyncGenerator<T> {
  yield* items;
}

const survey = questionnaire([single('a'), multiple('b'), number('c'), text('d')]);

async function csv(results: SurveyResult[], columns: string[] = [], bom?: boolean): Promise<string> {
  const path = join(folder, 'out.csv');
  await exportCsv(path, streamed(...results), { questionnaire: survey, personaColumns: columns, bom });
  return readFile(path, 'utf8');
}

describe('exportCsv', () => {
  it('writes a row a respondent: persona, values, statuses, models, and that it is synthetic', async () => {
    const one = result(
      'r1',
      { city: '北京', age: '36' },
      { a: 'Yes', b: ['Tea', 'x;y\\'], c: -3.5, d: 'two\nlines, "q"' },
    );
    const two = result('r2', { age: '40' }, { a: null, c: null }, 'skipped');
    expect(await csv([one, two], ['age', 'city'])).toBe(
      '\ufeffrespondent_id,persona.age,persona.city,a,a.status,b,b.status,c,c.status,d,d.status,model,returned_models,synthetic\r\n' +
        'r1,36,北京,Yes,answered,Tea; x\\;y\\\\,answered,-3.5,answered,"two\nlines, ""q""",answered,p/m,m-1,true\r\n' +
        'r2,40,,,skipped,,,,skipped,,,p/m,m-1,true\r\n',
    );
    expect(await csv([], [], false)).toMatch(/^respondent_id,a,/);
  });

  it('lets no formula run, and leaves negative numbers numbers', async () => {
    const attacks = [
      '=1+1',
      '+1',
      '-1',
      '@x',
      '\t=1',
      '\r=1',
      ' =1',
      '\u0000=1',
      '\u200b=1',
      '＝1',
      '\n=1',
      '=1"&cmd',
    ];
    const rows = attacks.map((attack) =>
      result(attack, { [attack]: attack }, { a: attack, b: [attack], c: -1, d: attack }),
    );
    const columns = await personaColumns(rows);
    const cells = parse(await csv(rows, columns), { bom: true, relax_column_count: false }) as string[][];
    expect(cells).toHaveLength(attacks.length + 1);
    const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u;
    for (const row of cells.slice(1)) {
      const number = columns.length + 5;
      expect(row[number]).toBe('-1');
      for (const cell of row.toSpliced(number, 1)) expect(cell).not.toMatch(formula);
    }
    for (const heading of cells[0] as string[]) expect(heading).not.toMatch(formula);
    expect(cells[1]?.[0]).toBe("'=1+1");
  });

  it('keeps headings apart that would be the same', async () => {
    const path = join(folder, 'out.csv');
    const questions = questionnaire([text('x'), text('x.status'), text('model')]);
    await exportCsv(path, streamed(), { questionnaire: questions, personaColumns: [], bom: false });
    expect((await readFile(path, 'utf8')).trim().split(',')).toEqual([
      'respondent_id',
      'x',
      'x.status',
      'x.status (2)',
      'x.status.status',
      'model',
      'model.status',
      'model (2)',
      'returned_models',
      'synthetic',
    ]);
  });

  it('can be read back, whatever the texts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 250 }), async (texts) => {
        const written = await csv(texts.map((each, index) => result(`r${index}`, {}, { d: each })));
        const rows = parse(written, { bom: true, columns: true }) as Record<string, string>[];
        expect(rows.map(({ d }) => d?.replace(/^'/, ''))).toEqual(
          texts.map((each) => each.replace(/^'/, '')),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('exportJsonl', () => {
  it('writes the whole of each interview with its persona, a line each', async () => {
    const path = join(folder, 'out.jsonl');
    const results = Array.from({ length: 250 }, (_, index) =>
      result(`r${index}`, { age: '3\u20286' }, { a: 'Y\n' }),
    );
    await exportJsonl(path, streamed(...results));
    const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(250);
    const { respondentId: _, ...interview } = (results[249] as SurveyResult).interview;
    const whole = { respondentId: 'r249', persona: { age: '3\u20286' }, synthetic: true, ...interview };
    expect(JSON.parse(lines[249] as string)).toEqual(whole);
  });
});

describe('a file that cannot be written', () => {
  it('says so, with the path', async () => {
    const path = join(folder, 'missing', 'out.jsonl');
    const error = { code: 'FILE_NOT_WRITABLE', message: expect.stringContaining(JSON.stringify(path)) };
    await expect(exportJsonl(path, streamed())).rejects.toMatchObject(error);
    await expect(exportJsonl(folder, streamed())).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves what was there before when its source fails, and nothing beside it', async () => {
    const path = join(folder, 'out.csv');
    await writeFile(path, 'before');
    const broken = new Error('broken');
    async function* source(): AsyncGenerator<SurveyResult> {
      for (let index = 0; index < 150; index++) yield result(`r${index}`, {}, { a: 'Yes' });
      throw broken;
    }
    const options = { questionnaire: survey, personaColumns: [] };
    await expect(exportCsv(path, source(), options)).rejects.toBe(broken);
    expect(await readFile(path, 'utf8')).toBe('before');
    expect(await readdir(folder)).toEqual(['out.csv']);
  });

  it('shows nothing under its name until it is whole', async () => {
    const path = join(folder, 'out.jsonl');
    const seen: string[][] = [];
    async function* source(): AsyncGenerator<SurveyResult> {
      for (let index = 0; index < 300; index++) yield result(`r${index}`, {}, { a: 'Yes' });
      seen.push(await readdir(folder));
    }
    await exportJsonl(path, source());
    expect(seen[0]).toHaveLength(1);
    expect(seen[0]).not.toContain('out.jsonl');
    expect(await readdir(folder)).toEqual(['out.jsonl']);
  });
});

describe('what stands under the name of the file', () => {
  const written = '{"respondentId":"r1"';

  it('stays a link, and the file it leads to is replaced', async () => {
    const path = join(folder, 'link.jsonl');
    await mkdir(join(folder, 'far'));
    await writeFile(join(folder, 'far', 'out.jsonl'), 'before');
    await symlink(join('far', 'out.jsonl'), path);
    await exportJsonl(path, streamed(result('r1', {}, { a: 'Yes' })));
    expect((await lstat(path)).isSymbolicLink()).toBe(true);
    expect(await readFile(join(folder, 'far', 'out.jsonl'), 'utf8')).toContain(written);
    expect(await readdir(join(folder, 'far'))).toEqual(['out.jsonl']);
  });

  it.skipIf(process.platform === 'win32')('stays a pipe, and takes what is written', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const [read] = await Promise.all([
      readFile(path, 'utf8'),
      exportJsonl(path, streamed(result('r1', {}, { a: 'Yes' }))),
    ]);
    expect(read).toContain(written);
    expect((await lstat(path)).isFIFO()).toBe(true);
    expect(await readdir(folder)).toEqual(['pipe']);
  });
});
