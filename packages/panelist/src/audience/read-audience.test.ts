import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../files/testing/expect-error.ts';
import { readAudience } from './read-audience.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audience-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const read = async (name: string, content: string | Uint8Array, limit?: number) =>
  readAudience(await file(name, content), { limit });

describe('CSV', () => {
  it('reads the id column, and every other non-empty column as persona', async () => {
    expect(await read('a.csv', 'age,id,city\n25,x1,Lyon\n30,x2,\n')).toEqual([
      { id: 'x1', persona: { age: '25', city: 'Lyon' } },
      { id: 'x2', persona: { age: '30' } },
    ]);
  });

  it('uses row numbers without an id column', async () => {
    expect((await read('a.csv', 'name\nAda\n\nBob\n')).map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('prefers "id" to "ID", and accepts "ID" alone', async () => {
    expect(await read('a.csv', 'ID,id\nA,b\n')).toEqual([{ id: 'b', persona: { ID: 'A' } }]);
    expect(await read('a.csv', 'Id,age\nA,5\n')).toEqual([{ id: 'A', persona: { age: '5' } }]);
  });

  it('reads byte order marks, quoted line breaks, any line ending, tabs', async () => {
    const expected = [{ id: '1', persona: { a: 'x\r\ny, "z"', b: '2' } }];
    expect(await read('a.csv', '\ufeffid,a,b\r\n1,"x\r\ny, ""z""",2\r\n')).toEqual(expected);
    expect(await read('a.tsv', 'id\ta\tb\r1\t"x\r\ny, ""z"""\t2')).toEqual(expected);
  });

  it.each([
    ['a ragged row', 'id,a\n1,2\n\n"2\n",3,4\n', ['line 4', '3 values', '2 columns']],
    ['a duplicate id', 'id,a\n7,"x\ny"\n8,z\n7,u\n', ['line 5', '"7"', 'line 2']],
    ['an empty id', 'id,a\n1,x\n ,y\n', ['line 3', '"id"']],
    ['two columns of the same name', 'id,a,a\n1,2,3\n', ['line 1', '"a"']],
    ['a value in a column without a name', 'id,\n1,\n2,x\n', ['line 3', '"x"']],
    ['an open quote', 'id,a\n1,2\n3,"x\ny\n', ['line 3', 'double quote is not closed']],
    ['a stray quote', 'id,a\n1,"x"y\n', ['line 2', 'Quote']],
    ['semicolons', 'id;a\n1;2\n', ['line 1', 'commas', '";"']],
    ['a row that is too long', `id,a\n1,"${'x'.repeat(1_100_000)}"\n`, ['line 2', '1000000']],
    [
      'a row with too many values',
      `${Array.from({ length: 1001 }, (_, i) => `c${i}`).join()}\n${','.repeat(1000)}\n`,
      ['line 1', '1001 columns'],
    ],
  ])('refuses %s', async (_, content, parts) => {
    await expectError(read('a.csv', content), 'AUDIENCE_INVALID', 'a.csv', ...parts);
  });

  it('reads back any written values', async () => {
    const character = fc.constantFrom(
      'a',
      'é',
      '😀',
      ' ',
      '\n',
      '\r',
      '"',
      ',',
      '\u2028',
      '\u0000',
      '\ufeff',
    );
    const value = fc.string({ unit: character, maxLength: 20 });
    const name = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'été', 'x y');
    const rows = fc
      .uniqueArray(name, { minLength: 2 })
      .chain((names) =>
        fc.tuple(
          fc.constant(names),
          fc.array(fc.array(value, { minLength: names.length, maxLength: names.length }), { minLength: 1 }),
        ),
      );
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), async ([names, values], bom) => {
        const text = stringify([names, ...values], { quoted: true, bom });
        const expected = values.map((row, index) => ({
          id: String(index + 1),
          persona: Object.fromEntries(names.flatMap((key, at) => (row[at]?.trim() ? [[key, row[at]]] : []))),
        }));
        expect(await read('p.csv', text)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});

describe('JSON lines', () => {
  it('reads ids, and converts every other value to text', async () => {
    const line = {
      id: 7,
      age: 25,
      ok: false,
      none: null,
      blank: ' ',
      list: ['a', 1],
      deep: { b: [1] },
      empty: {},
    };
    expect(await read('a.jsonl', `\ufeff${JSON.stringify(line)}\r\n\n{"id":"8"}`)).toEqual([
      { id: '7', persona: { age: '25', ok: 'false', list: 'a, 1', deep: '{"b":[1]}' } },
      { id: '8', persona: {} },
    ]);
  });

  it('uses row numbers if the first row has no id', async () => {
    expect((await read('a.ndjson', '{"a":1}\n\n{"a":1}')).map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('protects prototypes from keys', async () => {
    const [respondent] = await read('a.jsonl', '{"__proto__":{"admin":true}}');
    expect(Object.entries(respondent?.persona ?? {})).toEqual([['__proto__', '{"admin":true}']]);
    expect(respondent?.persona.admin).toBeUndefined();
  });

  it.each([
    ['nesting without end', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`, ['line 1', '100 levels']],
    ['what is not JSON', '{"a":1}\n\n{"a":\n', ['line 3', 'not JSON']],
    ['a line that is not an object', '{"a":1}\n[1]\n', ['line 2', 'object']],
    ['a duplicate id', '{"id":1}\n{"id":"2"}\n{"id":"1"}\n', ['line 3', '"1"', 'line 1']],
    ['a missing id although others have one', '{"id":1}\n{"a":2}\n', ['line 2', '"id"']],
    ['an id that is not a text', '{"id":{}}\n', ['line 1', '"id"']],
    ['an id with too many digits for a number', '{"id":12345678901234567890}\n', ['line 1', 'quotes']],
    ['a line that is too long', `{"a":1}\n{"a":"${'x'.repeat(1_100_000)}"}`, ['line 2', '1000000']],
  ])('refuses %s', async (_, content, parts) => {
    await expectError(read('a.jsonl', content), 'AUDIENCE_INVALID', 'a.jsonl', ...parts);
  });
});

describe('files', () => {
  it('stops at the limit, and does not read the rest', async () => {
    expect(await read('a.csv', 'id\n1\n2\n1,ragged\n', 2)).toHaveLength(2);
    expect(await read('a.jsonl', '{}\n{}\nnot JSON', 2)).toHaveLength(2);
    expect(await read('a.jsonl', '{}\n{}', 5)).toHaveLength(2);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses the limit %s', async (limit) => {
    await expectError(read('a.csv', 'id\n1', limit), 'USAGE', String(limit));
  });

  it.each([
    ['a.csv', ''],
    ['a.csv', 'id,age\n'],
    ['a.csv', '\ufeff\n\n'],
    ['a.jsonl', '\n \n'],
  ])('says that %s with %j is empty', async (name, content) => {
    await expectError(read(name, content), 'AUDIENCE_EMPTY', name);
  });

  it.each(['a.csv', 'a.jsonl'])('rejects bytes that are not UTF-8 in %s', async (name) => {
    const bytes = Buffer.from('{"a":"Z\xfcrich"}\n', 'latin1');
    await expectError(read(name, bytes), 'AUDIENCE_INVALID', name, 'UTF-8');
    await expectError(read(name, Buffer.from('é').subarray(0, 1)), 'AUDIENCE_INVALID', 'UTF-8');
  });

  it('distinguishes a missing file, a folder and an unknown format', async () => {
    await expectError(readAudience(join(folder, 'none.csv')), 'FILE_NOT_FOUND', 'none.csv');
    await expectError(readAudience(join(folder, 'none')), 'FILE_NOT_FOUND', 'none');
    await mkdir(join(folder, 'folder.csv'));
    await expectError(readAudience(join(folder, 'folder.csv')), 'FILE_NOT_READABLE', 'folder');
    await expectError(readAudience(folder), 'FILE_NOT_READABLE', 'folder');
    await expectError(read('a.xlsx', 'PK'), 'AUDIENCE_INVALID', 'a.xlsx', '.csv');
  });
});

const shared = new URL('../../../../../shared/data/', import.meta.url);
describe.skipIf(!existsSync(shared))('published audiences (skipped without ../shared/data)', () => {
  it('reads 3,505 personas', async () => {
    const people = await readAudience(new URL('gss_personas.jsonl', shared).pathname);
    expect(people).toHaveLength(3505);
    expect(people[0]).toMatchObject({ id: '0023952f-142e-434b-82e2-7a7451b7c55f', persona: { age: '25' } });
  });

  it('reads fifty people', async () => {
    const people = await readAudience(new URL('gazpacho-50-humans.csv', shared).pathname);
    const votes = [1, 2, 3, 4, 5].map(
      (vote) => people.filter(({ persona }) => persona.Vote === String(vote)).length,
    );
    expect(votes).toEqual([11, 9, 13, 10, 7]);
  });
});
