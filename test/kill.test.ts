import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../packages/panelist/src/simulator/server.ts';
import { PanelistProcess, runPanelist, temporaryFolder } from './panelist-process.ts';

const SURVEY = new URL('../examples/weekly-market.survey.json', import.meta.url).pathname;
const RESPONDENTS = 40;
const KILLS = 4;
const MAX_CONCURRENCY = 20;

const faults = {
  rateLimitWithHint: 0.03,
  serverError: 0.03,
  disconnect: 0.02,
  truncated: 0.02,
  notAnOption: 0.02,
};

async function writeAudience(path: string): Promise<void> {
  const people = Array.from(
    { length: RESPONDENTS },
    (_, index) => `P${index},${18 + index},${index % 2 ? 'low' : 'high'}`,
  );
  await writeFile(path, `id,age,income\n${people.join('\n')}\n`);
}

/**
 * The number of its own requests after which each process is killed: a seeded draw, so that a failure can be reproduced.
 * Their sum is smaller than the survey's number of requests, so that there is always a process left to kill.
 */
function* requestsUntilKill(): Generator<number, never> {
  let state = 7;
  for (;;) {
    state = (state * 48_271) % 2_147_483_647;
    yield 15 + (state % 30);
  }
}

describe('kill -9 in the middle of a run', () => {
  it('loses no acknowledged result, repeats no stored call, and ends with the same answers', async () => {
    await using folder = await temporaryFolder();
    const audience = join(folder.path, 'people.csv');
    await writeAudience(audience);
    const deployTo = (url: string, database: string, out: string): string[] => [
      ...['survey', 'deploy', SURVEY, '--audience', audience, '--model', 'openai-compatible/simulator'],
      ...['--base-url', url, '--database', database, '--out', out, '--seed', '11', '--randomize-options'],
      ...['--max-concurrency', String(MAX_CONCURRENCY)],
    ];
    const answers = async (out: string): Promise<string[]> =>
      (await readFile(join(folder.path, out, 'answers.jsonl'), 'utf8')).trim().split('\n');

    const calm = await startSimulator({ seed: 5, faults });
    const uninterrupted = await runPanelist(deployTo(calm.url, 'calm.db', 'calm'), { cwd: folder.path });
    expect(uninterrupted.exitCode, uninterrupted.err).toBe(0);
    await calm.close();

    // The same address: a prompt's hash says who serves the model.
    const { port } = calm;
    const simulator = await startSimulator({ seed: 5, faults, latency: { minMs: 50, maxMs: 200 }, port });
    const command = deployTo(simulator.url, 'killed.db', 'killed');
    let killed = 0;
    const draw = requestsUntilKill();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const until = simulator.requests().total + draw.next().value;
      const process = new PanelistProcess(command, { cwd: folder.path });
      await process.until(() => simulator.requests().total >= until);
      process.kill('SIGKILL');
      const { exitCode } = await process.finished;
      if (exitCode === null) killed += 1;
    }
    expect(killed).toBe(KILLS);
    const last = await runPanelist(command, { cwd: folder.path });
    expect(last.exitCode, last.err).toBe(0);

    expect(await answers('killed')).toEqual(await answers('calm'));
    const twice = simulator.requests().requests.filter(({ succeeded }) => succeeded > 1);
    // Only calls that were answered but not yet stored when a process died may be repeated.
    expect(twice.length).toBeLessThanOrEqual(killed * MAX_CONCURRENCY);
    for (const { succeeded } of twice) expect(succeeded).toBeLessThanOrEqual(1 + killed);
    await simulator.close();
  });
});
