import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSimulator } from '../packages/panelist/src/simulator/server.ts';
import { PanelistProcess, runPanelist, temporaryFolder } from './panelist-process.ts';

const SURVEY = new URL('../examples/weekly-market.survey.json', import.meta.url).pathname;

it('stops when its database is deleted, reports where a copy was saved, and repeats no call after it is restored', async () => {
  await using folder = await temporaryFolder();
  const people = Array.from({ length: 60 }, (_, n) => `P${n},${18 + n}`);
  await writeFile(join(folder.path, 'people.csv'), `id,age\n${people.join('\n')}\n`);
  const simulator = await startSimulator({ seed: 5, latency: { minMs: 50, maxMs: 200 } });
  const command = [
    ...['survey', 'deploy', SURVEY, '--audience', 'people.csv', '--model', 'openai-compatible/simulator'],
    ...['--base-url', simulator.url, '--max-concurrency', '20', '--database', 'panelist.db', '--out', 'out'],
  ];
  const first = new PanelistProcess(command, { cwd: folder.path });
  await first.until(() => simulator.requests().total >= 60);
  await rm(join(folder.path, 'panelist.db'));
  const { exitCode, err } = await first.finished;
  expect(exitCode, err).toBe(7);
  const saved = /\[STORE_LOST\].*was deleted.* is in "([^"]+)"/.exec(err)?.[1] ?? '';
  expect(saved).toContain(join(folder.path, 'panelist.saved-'));

  await rename(saved, join(folder.path, 'panelist.db'));
  const next = await runPanelist(command, { cwd: folder.path });
  expect(next.exitCode, next.err).toBe(0);
  for (const { succeeded } of simulator.requests().requests) expect(succeeded).toBe(1);
  const answers = await readFile(join(folder.path, 'out/answers.jsonl'), 'utf8');
  expect(answers.trim().split('\n')).toHaveLength(60);
  await simulator.close();
});
