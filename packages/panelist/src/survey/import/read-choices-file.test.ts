import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../../files/testing/expect-error.ts';
import { type ListedChoice, readChoicesFile } from './read-choices-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'choices-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(name: string, content: string | Uint8Array): Promise<readonly ListedChoice[]> {
  await writeFile(join(folder, name), content);
  return readChoicesFile(join(folder, name));
}

describe('readChoicesFile', () => {
  it('reads a JSON list of texts, numbers and values with a text', async () => {
    const json =
      '["Chad", 3, {"value": "de", "text": {"default": "Germany", "de": "Deutschland"}}, {"value": 0}]';
    expect(await read('c.json', json)).toEqual([
      'Chad',
      3,
      { value: 'de', text: { default: 'Germany', de: 'Deutschland' } },
      { value: 0, text: 0 },
    ]);
  });

  it('reads a CSV with unchanged values', async () => {
    const csv = '\ufeffvalue,text\n007,"Bond, James"\nde,Germany\nfr,\n';
    expect(await read('c.csv', csv)).toEqual([
      { value: '007', text: 'Bond, James' },
      { value: 'de', text: 'Germany' },
      { value: 'fr', text: 'fr' },
    ]);
    expect(await read('one.CSV', 'Value\na\n')).toEqual([{ value: 'a', text: 'a' }]);
  });

  it('reads one choice per line, and skips empty lines', async () => {
    expect(await read('c.txt', 'Chad\r\n\r\n  Sri Lanka \nTogo')).toEqual(['Chad', 'Sri Lanka', 'Togo']);
  });

  it.each([
    ['a syntax error', 'c.json', '[\n"a",\n,"b"]', 'line 3', 'not JSON'],
    ['JSON that is not a list', 'c.json', '{"choices": []}', 'line 1', 'a list of choices'],
    ['a choice without a value', 'c.json', '["a",\n{"vlaue": 1}]', 'line 2', '"vlaue"'],
    [
      'a choice with more than a value and a text',
      'c.json',
      '["a",\n{"value": 1, "visibleIf": "{q} = 1"}]',
      'line 2',
      'visibleIf',
    ],
    ['a blank choice', 'c.json', '["a",\n" "]', 'line 2', '" "'],
    ['a value twice', 'c.json', '["1",\n\n1]', 'line 3', 'line 1'],
    ['an empty list', 'c.json', '[]', 'c.json', 'no choices'],
    ['too long a list', 'c.json', JSON.stringify(Array.from({ length: 2_001 }, (_, i) => i)), '2001', '2000'],
    ['other columns', 'c.csv', 'name,value\na,b\n', 'line 1', '"name", "value"'],
    ['an empty value', 'c.csv', 'value,text\na,A\n,B\n', 'line 3', 'empty'],
    ['a row that is too short', 'c.csv', 'value,text\na,A\nb\n', 'line 3', '1 values'],
    ['another separator', 'c.csv', 'value;text\na;A\n', 'line 1', 'commas'],
    ['a header alone', 'c.csv', 'value,text\n', 'c.csv', 'no choices'],
    ['a line twice', 'c.txt', 'a\nb\na\n', 'line 3', 'line 1'],
    ['too many lines', 'c.txt', Array.from({ length: 2_001 }, (_, i) => i).join('\n'), 'line 2001', '2000'],
    ['nesting without end', 'c.json', `[${'['.repeat(50_000)}${']'.repeat(50_000)}]`, '10 levels'],
    ['too large a file', 'c.txt', 'x'.repeat(2_000_001), '2 MB', 'choices'],
    ['what is not UTF-8', 'c.txt', Buffer.from('M\xfcnchen', 'latin1'), 'UTF-8', 'choices'],
  ] as [string, string, string | Uint8Array, ...string[]][])(
    'refuses %s',
    async (_, name, content, ...parts) => {
      await expectError(read(name, content), 'CHOICES_INVALID', name, ...parts);
    },
  );

  it('names a missing file', async () => {
    await expectError(readChoicesFile(join(folder, 'none.csv')), 'FILE_NOT_FOUND', 'choices', 'none.csv');
  });
});
