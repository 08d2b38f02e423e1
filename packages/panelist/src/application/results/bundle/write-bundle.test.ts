import { appendFile, mkdir, mkdtempDisposable, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { deploySurvey } from '../../../survey/deploy-survey.ts';
import { importSurvey } from '../../../survey/import/import-surveyjs.ts';
import { openWorkspace } from '../../open-workspace.ts';
import type { BundleInterview, BundleRow } from './bundle-parts.ts';
import { type BundleRun, writeBundle } from './write-bundle.ts';

const survey = {
  title: 'Lunch</script><script>alert(1)</script>',
  elements: [
    {
      type: 'radiogroup',
      name: 'where',
      title: 'Where?',
      choices: [{ value: 'h', text: 'At home' }, 'work'],
    },
    { type: 'comment', name: 'why' },
  ],
};

async function setUp() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'panelist-'));
  const page = join(folder.path, 'page');
  await mkdir(page);
  await writeFile(join(page, 'index.html'), '<!doctype html>');
  await writeFile(join(page, 'page.js'), '');
  const workspace = await openWorkspace({ database: ':memory:' });
  const { questionnaire } = importSurvey(survey);
  const respondents = Array.from({ length: 130 }, (_, index) => ({
    id: `r${index}`,
    persona: { sex: index % 2 ? 'f' : 'm', ['__proto__']: 'me\u202e', note: `person ${index}` },
  }));
  const deployment = {
    ...{ survey: 'lunch', questionnaire, audience: 'people.csv', respondents, model: 'simulator?seed=1' },
    randomizeOptions: true,
  };
  const { task } = await deploySurvey(workspace.runner, deployment);
  await workspace.runner.wait(task.taskId);
  const record = (await workspace.tasks.store.get(task.taskId))!;
  const out = join(folder.path, 'out');
  /** What a file hands to the page. */
  const data = async <T>(name: string): Promise<T> => {
    let handed: unknown;
    const panelistData = (given: string, json: string) => {
      expect(given).toBe(name);
      handed = JSON.parse(json);
    };
    runInNewContext(await readFile(join(out, 'data', `${name}.js`), 'utf8'), { panelistData });
    return handed as T;
  };
  /** Another run of so many people. */
  const runOf = async (count: number) => {
    const few = { ...deployment, survey: `lunch-${count}`, respondents: respondents.slice(0, count) };
    const { task: other } = await deploySurvey(workspace.runner, few);
    await workspace.runner.wait(other.taskId);
    return (await workspace.tasks.store.get(other.taskId))!;
  };
  return {
    ...{ workspace, record, runOf, out, data, page: pathToFileURL(`${page}/`) },
    async [Symbol.asyncDispose]() {
      await workspace.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

it('writes the page, the figures, every answer and how it came about, and what documents them', async () => {
  await using given = await setUp();
  const { workspace, record, out, data, page } = given;
  expect(await writeBundle(workspace, record, out, { page })).toBe(2 + 4 + 1 + 1 + 3);
  expect((await readdir(join(out, 'files'))).sort()).toEqual([
    ...['answers.csv', 'codebook.csv', 'methods.md', 'report.html'],
  ]);
  expect(await readFile(join(out, 'files', 'methods.md'), 'utf8')).toContain('simulator');
  const run = await data<BundleRun>('run');
  expect(run.task).toMatchObject({ taskId: record.taskId, successCount: 130, owner: null });
  expect(run.task).not.toHaveProperty('baseUrl');
  expect(run.summary.interviews).toBe(130);
  expect(run.groupings.map(({ by }) => by)).toEqual(['sex']);
  const rows = await data<readonly BundleRow[]>('answers-0');
  expect(rows).toHaveLength(130);
  const where = run.columns.findIndex(({ id }) => id === 'answer.where');
  for (const { cells } of rows) {
    const { o = [], t = '', s } = cells[where] ?? {};
    const options = run.columns[where]?.options ?? [];
    expect(t).toBe(o.map((place) => options[place]?.text).join('; '));
    if (s === undefined && t !== '') expect(['At home', 'work']).toContain(t);
  }
  const interviews = await data<readonly BundleInterview[]>('interviews-2');
  expect(interviews).toHaveLength(30);
  const [first] = interviews;
  expect(first).toMatchObject({ key: 'r100', state: 'succeeded', promptProblem: null });
  expect(first?.persona).toContainEqual(['sex', 'm']);
  expect(first?.calls[0]?.prompt?.messages.map(({ content }) => content).join()).toContain('Where?');
  expect(first?.answers.map(({ question }) => question)).toEqual(['where', 'why']);
  // Again over its own files, and smaller without prompts.
  await writeBundle(workspace, record, out, { page, prompts: false });
  const [without] = await data<readonly BundleInterview[]>('interviews-2');
  expect(without?.calls[0]).toMatchObject({ prompt: null, attempts: 1 });
  expect(without?.promptProblem).toBe('left-out');
  // A reply that the database has no more is another reason.
  const forgetful = { ...workspace, storedCall: async () => undefined };
  await writeBundle(forgetful, record, out, { page });
  const [missing] = await data<readonly BundleInterview[]>('interviews-2');
  expect(missing?.promptProblem).toBe('not-stored');
});

it('leaves no parts of a larger bundle behind, and touches no other file', async () => {
  await using given = await setUp();
  const { workspace, record, runOf, out, page } = given;
  const parts = async () => (await readdir(join(out, 'data'))).sort();
  const mine = (name: string): string => join(out, 'data', name);
  await writeBundle(workspace, record, out, { page });
  await writeFile(mine('answers-7.js'), 'mine');
  await writeFile(mine('notes.js'), 'panelistData("notes", "");');
  // Changed by somebody.
  await appendFile(mine('interviews-2.js'), '// A note.');
  const small = await runOf(3);
  await writeBundle(workspace, small, out, { page });
  const kept = ['answers-0.js', 'answers-7.js', 'interviews-0.js', 'notes.js', 'run.js'];
  expect(await parts()).toEqual([...kept, 'interviews-2.js'].sort());
  await writeBundle(workspace, small, out, { page, force: true });
  expect(await parts()).toEqual(kept);
  expect(await readFile(mine('answers-7.js'), 'utf8')).toBe('mine');
});

it('overwrites no file of somebody else, and says where the page is missing', async () => {
  await using given = await setUp();
  const { workspace, record, out, page } = given;
  await mkdir(join(out, 'data'), { recursive: true });
  await writeFile(join(out, 'data', 'run.js'), 'mine');
  await expect(writeBundle(workspace, record, out, { page })).rejects.toMatchObject({ code: 'FILE_EXISTS' });
  expect(await readFile(join(out, 'data', 'run.js'), 'utf8')).toBe('mine');
  expect(await readdir(out)).not.toContain('index.html');
  const none = new URL('none/', page);
  await expect(writeBundle(workspace, record, out, { page: none, force: true })).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  });
});
