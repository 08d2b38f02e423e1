import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ran, runInProcess } from './testing/run-in-process.ts';

let path: string;

beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'panelist-check-')), 's.json');
});

afterEach(async () => {
  await rm(join(path, '..'), { recursive: true });
});

async function check(text: string, ...flags: string[]): Promise<Ran> {
  await writeFile(path, text);
  return runInProcess(['survey', 'check', path, ...flags]);
}

describe('panelist survey check', () => {
  it('counts what would be asked', async () => {
    const survey = `{ "title": "Tea", "pages": [
      { "elements": [{ "type": "boolean", "name": "a", "title": "Tea?" }] },
      { "elements": [{ "type": "rating", "name": "b", "title": "How good?" }, { "type": "boolean", "name": "c", "title": "Again?" }] }
    ] }`;
    expect(await check(survey)).toEqual({
      exitCode: 0,
      out: 'Tea: 3 questions on 2 pages (2 single-choice, 1 rating), in en. No warnings.\n',
      err: '',
    });
    const view = JSON.parse((await check(survey, '--json')).out);
    expect(view).toMatchObject({
      isValid: true,
      questions: 3,
      pages: 2,
      byKind: { rating: 1 },
      warnings: [],
    });
  });

  it('names every problem by line and path', async () => {
    const ran = await check(`{
  "elements": [
    { "type": "boolean", "name": "a", "title": "Tea?", "visibleif": "{b}" },
    {
      "type": "signaturepad",
      "name": "b"
    }
  ]
}`);
    expect(ran.exitCode).toBe(3);
    expect(ran.err).toMatch(/\[SURVEY_INVALID\]: .*cannot be deployed: 2 problems\./);
    expect(ran.out).toContain(`${path}:3: error: elements[0].visibleif ("a"): `);
    expect(ran.out).toMatch(/:[45]: error: elements\[1\](\.type)? \("b"\): /);
  });

  it('names the line of a syntax error', async () => {
    const ran = await check('{\n  "elements": [,]\n}');
    expect(ran).toMatchObject({ exitCode: 3, out: expect.stringContaining(`${path}:2: error: `) });
  });

  it('warns of what is probably not meant', async () => {
    const ran = await check(`{ "elements": [
      { "type": "text", "name": "q1" },
      { "type": "text", "name": "q2", "title": "Why?" },
      { "type": "text", "name": "q3", "title": "why?" },
      { "type": "radiogroup", "name": "q4", "title": "Which?", "choices": ["one"] },
      { "type": "text", "name": "q5", "title": "Who?", "readOnly": true }
    ] }`);
    expect(ran.exitCode, ran.err).toBe(0);
    expect(ran.out).toContain(`${path}:2: warning: elements[0] ("q1"): it has no title in "en"`);
    expect(ran.out).toContain(
      `${path}:4: warning: elements[2] ("q3"): another question on its page has the same title`,
    );
    expect(ran.out).toContain(`${path}:5: warning: elements[3] ("q4"): has only one option`);
    expect(ran.out).toContain(`${path}:6: warning: elements[4] ("q5"): is read-only`);
    expect(ran.out).toMatch(/4 warnings\.\n$/);
  });

  it('lists more problems than a message names, each once', async () => {
    const elements = Array.from({ length: 60 }, (_, i) => `{ "type": "file", "name": "f${i}" }`);
    elements.push('{ "type": "text", "name": "t", "title": "T?" }');
    const ran = await check(`{ "elements": [\n${elements.join(',\n')}\n] }`);
    expect(ran.err).toContain('60 problems');
    expect(ran.out).toContain(`${path}:61: error: elements[59] ("f59"): `);
    expect(ran.out.match(/: error: /g)).toHaveLength(60);
  });

  it('says which file is missing', async () => {
    const ran = await runInProcess(['survey', 'check', '/nowhere.json']);
    expect(ran).toMatchObject({ exitCode: 3, err: expect.stringContaining('[FILE_NOT_FOUND]') });
  });
});
