import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCsvRows } from '../analysis/export/testing/read-csv-rows.ts';
import { runInFolder } from './testing/run-in-process.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const survey = {
  title: 'Tea & "co"',
  elements: [
    { type: 'radiogroup', name: 'visit', title: 'How often?', choices: ['Weekly', 'Never'] },
    { type: 'rating', name: 'liking', title: 'How much?' },
  ],
};

it('writes a comparison as CSV, JSON and one page', async () => {
  await using folder = await temporaryFolder();
  const panelist = (...args: string[]) => runInFolder(args, { cwd: folder.path });
  await writeFile(join(folder.path, 's.json'), JSON.stringify(survey));
  const ids = Array.from({ length: 120 }, (_, index) => index);
  await writeFile(
    join(folder.path, 'people.csv'),
    `id,age\n${ids.map((id) => `p${id},${20 + id}`).join('\n')}\n`,
  );
  const humans = ids
    .slice(0, 60)
    .map((id) => `p${id},${id % 3 === 0 ? 'Never' : '=HYPERLINK("x")'},${1 + (id % 5)}`);
  await writeFile(
    join(folder.path, 'humans.csv'),
    `id,visit,liking\n${humans.join('\n')}\n`.replaceAll('"', ''),
  );
  const deployed = await panelist(
    'survey',
    'deploy',
    's.json',
    '--audience',
    'people.csv',
    '--model',
    'simulator',
  );
  expect(deployed.exitCode, deployed.err).toBe(0);

  const compare = (...args: string[]) =>
    panelist('results', 'compare', 'last', '--human', 'humans.csv', ...args);
  const file = (name: string): Promise<string> => readFile(join(folder.path, name), 'utf8');
  for (const name of ['c.csv', 'c.json', 'c.html']) {
    const { exitCode, err } = await compare('--id', 'id', '--out', name);
    expect(exitCode, err).toBe(0);
    expect(err).toContain(`Wrote the comparison to ${name}`);
  }
  const rows = readCsvRows(await file('c.csv'));
  expect(rows.find(({ measure, option }) => measure === 'share' && option === 'Never')).toMatchObject({
    question: 'visit',
    human: '1',
    human_n: '20',
  });
  const corrected = rows.find(({ measure }) => measure === 'corrected_mean');
  expect(corrected).toMatchObject({ question: 'liking', synthetic_n: '' });
  expect(Number(corrected?.worth)).toBeGreaterThanOrEqual(0);
  expect(corrected?.worth).not.toBe('');
  const json = JSON.parse(await file('c.json')) as { questions: unknown[]; calibration: { verdict: string } };
  expect(json.questions).toHaveLength(2);
  const page = await file('c.html');
  expect(page).toContain('<h1 dir="auto">Tea &amp; &quot;co&quot;: synthetic and human answers</h1>');
  expect(page).toMatch(/How far to trust the synthetic answers/);
  expect(page).not.toMatch(/<script|\s(src|on\w+)=|href=/);

  const reported = await panelist('results', 'report', 'last', '--human', 'humans.csv', '--out', 'r.html');
  expect(reported.exitCode, reported.err).toBe(0);
  const report = await file('r.html');
  expect(report).toContain('<a href="#people">Beside human answers</a>');
  expect(report).toMatch(/<h2 id="people">.*120 synthetic respondents beside 60 rows of human answers/s);

  await writeFile(join(folder.path, 'mine.html'), 'mine');
  expect(await compare('--out', 'mine.html')).toMatchObject({ exitCode: 3 });
  expect(await file('mine.html')).toBe('mine');
  expect(await compare('--out', 'c.xlsx')).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('this command writes .csv, .json, .html'),
  });
});
