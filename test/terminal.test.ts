import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { PANELIST, runPanelist, temporaryFolder } from './panelist-process.ts';

const TITLE =
  'How much do you agree that the weekly market should be held on Saturdays in the square, and on no other day of the week?';

it('does not cut lines in a pipe or a file, and wraps to COLUMNS', async () => {
  await using folder = await temporaryFolder();
  const survey = {
    elements: [
      { type: 'radiogroup', name: 'q', title: TITLE, choices: [`Yes, ${'very '.repeat(25)}much`, 'No'] },
    ],
  };
  await writeFile(join(folder.path, 's.json'), JSON.stringify(survey));
  await writeFile(join(folder.path, 'people.csv'), 'id\n1\n2\n3\n');
  const deploy = [
    'survey',
    'deploy',
    's.json',
    '--audience',
    'people.csv',
    '--model',
    'simulator?malformed=1',
  ];
  const piped = await runPanelist(deploy, { cwd: folder.path });
  expect(piped.out).toContain(`${TITLE}\n`);
  expect(piped.out).toContain(`  Yes, ${'very '.repeat(25)}much `);
  expect(piped.out).toMatch(/^ {2}n = \d.* · \d invalid$/m);
  expect(piped.out).not.toContain('…');

  const summary = `"$0" "$1" results summary "${/task_\w+/.exec(piped.err)?.[0]}"`;
  const sh = (command: string): Promise<unknown> =>
    promisify(execFile)('sh', ['-c', command, process.execPath, PANELIST], { cwd: folder.path });
  await sh(`${summary} > summary.txt`);
  expect(await readFile(join(folder.path, 'summary.txt'), 'utf8')).toContain(`${TITLE}\n`);
  await sh(`COLUMNS=60 ${summary} > narrow.txt`);
  const narrow = await readFile(join(folder.path, 'narrow.txt'), 'utf8');
  const bars = narrow.slice(0, narrow.indexOf('Order of options'));
  for (const line of bars.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
  expect(bars.replace(/\s+/g, ' ')).toContain(TITLE);
});
