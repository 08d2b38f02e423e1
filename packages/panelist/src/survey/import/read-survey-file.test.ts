import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectError } from '../../files/testing/expect-error.ts';
import { questionsOf } from '../questionnaire.ts';
import { readSurveyFile } from './read-survey-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'survey-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(content: string | Uint8Array, locale?: string) {
  const path = join(folder, 'survey.json');
  await writeFile(path, content);
  return readSurveyFile(path, { locale });
}

describe('readSurveyFile', () => {
  const survey = JSON.stringify({
    elements: [{ type: 'text', name: 'q', title: { default: 'Why?', fr: 'Pourquoi ?' } }],
  });

  it('reads a survey, with or without a byte order mark, in the requested language', async () => {
    const expected = { pages: [{ elements: [{ title: 'Why?' }] }] };
    expect(await read(survey)).toMatchObject(expected);
    expect(await read(`\ufeff${survey}`)).toMatchObject(expected);
    expect(await read(survey, 'fr')).toMatchObject({
      locale: 'fr',
      pages: [{ elements: [{ title: 'Pourquoi ?' }] }],
    });
  });

  it('reports line, column and text of a JSON error', async () => {
    const broken = '{\n  "elements": [\n    { "type": "text" "name": "q" }\n  ]\n}';
    await expectError(
      read(broken),
      'SURVEY_INVALID',
      'survey.json',
      'line 3, column 22',
      '"," or "}"',
      '{ "type": "text" "name": "q" }',
    );
    await expectError(read(''), 'SURVEY_INVALID', 'line 1, column 1');
  });

  it('names the file in errors and warnings of the import', async () => {
    await expectError(
      read('{"elements":[{"type":"file","name":"f"}]}'),
      'SURVEY_UNSUPPORTED',
      'survey.json',
      'elements[0]',
    );
    await expectError(read('[]'), 'SURVEY_INVALID', 'survey.json');
  });

  it('rejects bytes that are not UTF-8, an endless file, a missing file and a folder', async () => {
    await expectError(read(Buffer.from('"\xfc"', 'latin1')), 'SURVEY_INVALID', 'UTF-8');
    await expectError(read(' '.repeat(10_000_001)), 'SURVEY_INVALID', '10 MB');
    await expectError(readSurveyFile(join(folder, 'none.json')), 'FILE_NOT_FOUND', 'none.json');
    await expectError(readSurveyFile(folder), 'FILE_NOT_READABLE', 'folder');
  });
});

const instruments = new URL('../../../../../../shared/data/instruments/', import.meta.url);
const files = existsSync(instruments) ? readdirSync(instruments) : [];
describe.skipIf(files.length === 0)(
  'published instruments (skipped where ../shared/data is not there)',
  () => {
    it.each(files)('%s', async (file) => {
      const questionnaire = await readSurveyFile(new URL(file, instruments).pathname);
      const questions = questionsOf(questionnaire);
      expect(questions.length).toBe(
        { 'CRT.json': 6, 'TIPI.json': 10, 'demographicsShortUS.json': 8, 'lonelinessSingleItem.json': 1 }[
          file
        ] ?? questions.length,
      );
      expect(questions.length).toBeGreaterThan(0);
    });
  },
);
