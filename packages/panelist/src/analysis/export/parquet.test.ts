import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { Questionnaire } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { computed } from '../../survey/testing/build-questionnaire.ts';
import { multiple, number, questionnaire, ranking, single, text } from '../testing/build-results.ts';
import { longTable } from './long-table.ts';
import { parquetParts } from './parquet.ts';
import { scanSurvey } from './survey-scan.ts';
import { call, interviewed, streamed } from './testing/build-export.ts';
import { wideTable } from './wide-table.ts';

const noPersona = { personaColumns: [] };
const survey: Questionnaire = {
  ...questionnaire(
    single('a.b', 'Yes', 'No'),
    single('flag', true, false),
    multiple('many', 'Tea', 'x;y'),
    ranking('ranked', 1, 2),
    number('c'),
    text('d'),
  ),
  computed: [computed('total', '1', true)],
};

interface Written {
  readonly file: ArrayBuffer;
  readonly parts: number;
}

async function parquet(results: readonly SurveyResult[], long = false): Promise<Written> {
  const table = long ? longTable(survey, noPersona) : wideTable(survey, await scanSurvey(survey, results));
  const parts: Uint8Array[] = [];
  for await (const part of parquetParts(table, streamed(...results))) parts.push(part);
  const bytes = Buffer.concat(parts);
  return { file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), parts: parts.length };
}

/** Reads the rows. The reader gives `undefined` for a list that is null. */
async function read({ file }: Written): Promise<Record<string, unknown>[]> {
  const rows = await parquetReadObjects({ file });
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value ?? null])),
  );
}

const full = interviewed({
  id: 'r1',
  weight: 0.5,
  persona: { 'city.名': '北京' },
  answers: { 'a.b': 'Yes', flag: false, many: ['Tea', 'x;y'], ranked: [2, 1], c: -1.5, d: '=1' },
  computed: { total: 3 },
  calls: [call('h1')],
});

describe('Parquet', () => {
  it('has typed columns and lists, and null for missing values', async () => {
    const empty = interviewed({ id: 'r2', replicate: 1, answers: { many: [], c: { status: 'refused' } } });
    const rows = await read(await parquet([full, empty]));
    expect(rows[0]).toEqual({
      respondent_id: 'r1',
      replicate: 0n,
      weight: 0.5,
      'persona.city.名': '北京',
      'a.b': 'Yes',
      'a.b.status': 'answered',
      flag: false,
      'flag.status': 'answered',
      many: ['Tea', 'x;y'],
      'many.status': 'answered',
      ranked: [2, 1],
      'ranked.status': 'answered',
      c: -1.5,
      'c.status': 'answered',
      d: '=1',
      'd.status': 'answered',
      total: 3,
      requested_model: 'm',
      returned_models: ['m-1'],
      synthetic: true,
    });
    expect(rows[1]).toMatchObject({
      replicate: 1n,
      many: [],
      ranked: null,
      flag: null,
      c: null,
      total: null,
    });
    expect(rows[1]).toMatchObject({ 'c.status': 'refused', 'persona.city.名': null, returned_models: [] });
  });

  it('is marked as synthetic', async () => {
    const { file } = await parquet([full]);
    expect(parquetMetadata(file).key_value_metadata).toEqual([{ key: 'synthetic', value: 'true' }]);
  });

  it('is written one row group at a time, and has the same bytes for the same answers', async () => {
    const results = Array.from({ length: 1_200 }, (_, index) => ({ ...full, replicate: index }));
    const written = await parquet(results, true);
    const { row_groups, num_rows } = parquetMetadata(written.file);
    expect(num_rows).toBe(7_200n);
    expect(row_groups).toHaveLength(2);
    expect(written.parts).toBe(3);
    const rows = await read(written);
    expect(rows.map(({ replicate }) => replicate)).toEqual(
      results.flatMap(({ replicate }) => Array(6).fill(BigInt(replicate))),
    );
    expect(rows[7_197]).toMatchObject({
      question: 'ranked',
      value: '2; 1',
      shown_options: null,
      repairs: [],
    });
    expect(Buffer.from((await parquet(results, true)).file)).toEqual(Buffer.from(written.file));
  });

  it('has its columns without any row', async () => {
    const { file } = await parquet([]);
    expect(await parquetReadObjects({ file })).toEqual([]);
    expect(parquetMetadata(file).schema.map(({ name }) => name)).toContain('a.b.status');
  });

  it('can be read back with any texts and numbers', async () => {
    const answer = fc.record({
      d: fc.string({ unit: 'grapheme' }),
      c: fc.option(fc.double({ noNaN: true })),
      many: fc.array(fc.constantFrom('Tea', 'x;y', '')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { maxLength: 40 }), async (answers) => {
        const rows = await read(
          await parquet(answers.map((each, index) => interviewed({ id: `r${index}`, answers: each }))),
        );
        expect(rows.map(({ d, c, many }) => ({ d, c, many }))).toEqual(answers);
      }),
      { numRuns: 30 },
    );
  });
});
