import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ran, runInProcess } from './testing/run-in-process.ts';

const SURVEY = `{
  "title": "Travel",
  "elements": [
    { "type": "text", "name": "name", "title": "Your name?" },
    { "type": "file", "name": "photo", "title": "Your photo?" },
    { "type": "dropdown", "name": "country", "title": "Which country?",
      "choicesByUrl": { "url": "https://example.org/countries" } },
    { "type": "text", "name": "why" }
  ]
}`;

let folder: string;
const path = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panelist-input-'));
  await writeFile(path('s.json'), SURVEY);
  await writeFile(path('people.csv'), 'id,name\n1,Ada\n');
  await writeFile(path('countries.csv'), 'value,text\ntg,Togo\ntd,Chad\n');
});

afterEach(() => rm(folder, { recursive: true }));

const skipping = (): string[] => ['--unsupported', 'skip', '--choices', `country=${path('countries.csv')}`];

function check(...flags: string[]): Promise<Ran> {
  return runInProcess(['survey', 'check', path('s.json'), ...flags]);
}

function deploy(...flags: string[]): Promise<Ran> {
  const files = ['--audience', path('people.csv'), '--database', path('p.db'), '--out', path('out')];
  return runInProcess(['survey', 'deploy', path('s.json'), ...files, '--model', 'simulator', ...flags]);
}

describe('a survey that asks for more than is carried', () => {
  it('is refused, with the flags that help', async () => {
    for (const ran of [await check(), await deploy()]) {
      expect(ran.exitCode).toBe(3);
      expect(ran.err).toContain('[SURVEY_UNSUPPORTED]');
      expect(ran.err).toContain('--choices country=FILE');
      expect(ran.err).toContain('For the rest: --unsupported skip');
    }
    const ran = await deploy('--json');
    const { error } = JSON.parse(ran.err) as { error: Record<string, string> };
    expect(error).toMatchObject({ code: 'SURVEY_UNSUPPORTED', exitCode: 3 });
    expect(error.advice).toContain('--choices country=FILE');
    expect(error.message).not.toContain('--');
  });

  it('advises nothing where leaving out would not help', async () => {
    await writeFile(path('s.json'), SURVEY.replace('"text", "name": "why"', '"text", "title": "Why?"'));
    const ran = await check();
    expect(ran.err).toContain('[SURVEY_INVALID]');
    expect(ran.err).not.toContain('--unsupported');
  });

  it('is refused where nothing would be left of it', async () => {
    await writeFile(path('s.json'), '{"elements":[{"type":"file","name":"photo","title":"Photo?"}]}');
    const ran = await check('--unsupported', 'skip');
    expect(ran.exitCode).toBe(3);
    expect(ran.out).toContain('nothing is left that can be asked');
    expect(ran.err).not.toContain('--unsupported');
  });

  it('advises to give the choices of a column by its name', async () => {
    const columns = '[{ "name": "c", "cellType": "dropdown" }]';
    await writeFile(
      path('s.json'),
      `{"elements":[{"type":"matrixdropdown","name":"m","title":"M?","rows":["r"],"columns":${columns}}]}`,
    );
    const ran = await check();
    expect(ran.err).toContain('--unsupported skip');
    expect(ran.err).toContain('--choices c=FILE');
    await writeFile(path('c.json'), '["x", "y"]');
    const given = await check('--choices', `c=${path('c.json')}`);
    expect(given.exitCode, given.err).toBe(0);
  });

  it('quotes a name for the shell', async () => {
    await writeFile(path('s.json'), '{"elements":[{"type":"dropdown","name":"my country","title":"?"}]}');
    expect((await check()).err).toContain("--choices 'my country=FILE'");
  });

  it('is checked with what is left out by line, and what is probably not meant', async () => {
    const ran = await check(...skipping());
    expect(ran.exitCode, ran.err).toBe(0);
    expect(ran.out).toContain(`${path('s.json')}:5: left out: elements[1] ("photo"): the type "file"`);
    expect(ran.out).toContain(`${path('s.json')}:8: warning: elements[3] ("why"): it has no title`);
    expect(ran.out).toContain(
      '3 questions on 1 page (2 text, 1 single-choice), in en. 1 left out. 1 warning.',
    );
    const view = JSON.parse((await check(...skipping(), '--json')).out) as Record<string, unknown[]>;
    expect(view.skipped).toEqual([
      { line: 5, path: 'elements[1]', text: expect.stringContaining('elements[1] ("photo")') },
    ]);
    expect(view.warnings).toHaveLength(1);
  });

  it('shows in the dry run what is left out, and the choices that are given', async () => {
    const ran = await deploy(...skipping(), '--dry-run');
    expect(ran.exitCode, ran.err).toBe(0);
    expect(ran.out).toContain('Left out of the questionnaire:\n  elements[1] ("photo"): the type "file"');
    expect(ran.out).toContain('  - Togo\n  - Chad');
    expect(ran.err).toContain('Note: elements[3] ("why"): it has no title');
    const view = JSON.parse((await deploy(...skipping(), '--dry-run', '--json')).out) as object;
    expect(view).toMatchObject({ skipped: [{ path: 'elements[1]', element: 'photo' }] });
  });

  it('is deployed with what is left out in stderr, methods sheet and codebook', async () => {
    const ran = await deploy(...skipping());
    expect(ran.exitCode, ran.err).toBe(0);
    expect(ran.err).toContain('Left out of the questionnaire:\n  elements[1] ("photo"): the type "file"');
    expect(ran.err).toContain('Note: elements[3] ("why"): it has no title');
    const exported = ['results', 'export', 'last', '--database', path('p.db'), '--out', path('a.csv')];
    expect((await runInProcess(exported)).exitCode).toBe(0);
    const methods = await readFile(path('a.methods.md'), 'utf8');
    expect(methods).toMatch(/\n- Left out of the survey file: elements\\\[1\\\] \(photo\): the type/);
    expect(await readFile(path('a.codebook.csv'), 'utf8')).toMatch(/\n\(left out\) elements\[1\],,"the type/);
  });

  it('keeps remarks to itself with --quiet, but not what is left out', async () => {
    const ran = await deploy(...skipping(), '--quiet');
    expect(ran.exitCode, ran.err).toBe(0);
    expect(ran.err).not.toContain('no title');
    expect(ran.err).toContain('Left out of the questionnaire:');
  });

  it('says which part of --choices is wrong', async () => {
    const wrong = async (...flags: string[]): Promise<Ran> => check('--unsupported', 'skip', ...flags);
    expect(await wrong('--choices', 'country')).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('NAME=FILE'),
    });
    const twice = ['--choices', `country=${path('countries.csv')}`];
    expect((await wrong(...twice, ...twice)).err).toContain('given twice');
    expect((await wrong('--choices', `country=${path('none.csv')}`)).err).toContain('[FILE_NOT_FOUND]');
    const other = await wrong('--choices', `land=${path('countries.csv')}`);
    expect(other).toMatchObject({ exitCode: 2, err: expect.stringContaining('"land"') });
  });
});

describe('the polls of a focus group', () => {
  const group = (...args: string[]): Promise<Ran> =>
    runInProcess(['focus-group', ...args, '--database', path('p.db')]);

  beforeEach(async () => {
    const guide = (poll: string): string =>
      `title: Lunch\nmodel: simulator\nparticipants: { audience: people.csv }\nrounds: [{ message: What is for lunch? }]\n${poll}`;
    await writeFile(path('lunch.yaml'), guide(''));
    await writeFile(path('polled.yaml'), guide('poll: { survey: s.json }\n'));
  });

  it('leave out what is not carried only where that is allowed, and say so', async () => {
    const held = ['run', path('polled.yaml'), '--out', path('group')];
    const refused = await group(...held);
    expect(refused.exitCode).toBe(3);
    expect(refused.err).toContain('--unsupported skip');
    expect((await group(...held, ...skipping(), '--dry-run')).out).toContain('  - Togo\n  - Chad');
    const ran = await group(...held, ...skipping());
    expect(ran.exitCode, ran.err).toBe(0);
    expect(ran.err).toContain('elements[1] ("photo"): the type "file"');
  });

  it('do so when they are taken live', async () => {
    await group('run', path('lunch.yaml'), '--out', path('group'));
    expect((await group('poll', 'lunch', path('s.json'))).err).toContain('--choices country=FILE');
    const ran = await group('poll', 'lunch', path('s.json'), '--out', path('group'), ...skipping());
    expect(ran.exitCode, ran.err).toBe(0);
    expect(ran.err).toContain('elements[1] ("photo"): the type "file"');
    expect(ran.out).toContain('Which country?');
  });
});
