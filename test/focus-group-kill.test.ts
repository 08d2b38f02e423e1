import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { SpokenTurn } from '../packages/panelist/src/analysis/focus-group/export/transcript-turns.ts';
import { startSimulator } from '../packages/panelist/src/simulator/server.ts';
import { PanelistProcess, runPanelist, temporaryFolder } from './panelist-process.ts';

const PARTICIPANTS = 24;
const ROUNDS = 10;
/** The last kill leaves two rounds, so that a process remains to kill on any machine. */
const KILLED_IN = [1, 2, 4, 6, 8];

/** One call in ten fails. An invalid reply is invalid again whenever the same request is repeated. */
const faults = {
  rateLimitWithHint: 0.02,
  serverError: 0.02,
  disconnect: 0.01,
  truncated: 0.03,
  refusal: 0.02,
};

it('has one reply or recorded failure per participant and round after five kill -9', async () => {
  await using folder = await temporaryFolder();
  const people = Array.from({ length: PARTICIPANTS }, (_, n) => `P${n},${18 + n},${n % 2 ? 'low' : 'high'}`);
  await writeFile(join(folder.path, 'people.csv'), `id,age,income\n${people.join('\n')}\n`);
  const rounds = Array.from({ length: ROUNDS }, (_, n) => ({
    message: `What do you think of plan ${n + 1}?`,
  }));
  const guide = { title: 'Ten plans', participants: { audience: 'people.csv' }, seed: 3, rounds };
  await writeFile(join(folder.path, 'plans.guide.json'), JSON.stringify(guide));
  const run = (url: string, database: string, out: string): string[] => [
    ...['focus-group', 'run', 'plans.guide.json', '--model', 'openai-compatible/simulator'],
    ...['--base-url', url, '--database', database, '--out', out],
  ];
  const transcript = (out: string): Promise<string> =>
    readFile(join(folder.path, out, 'transcript.jsonl'), 'utf8');

  const calm = await startSimulator({ seed: 5, faults });
  const uninterrupted = await runPanelist(run(calm.url, 'calm.db', 'calm'), { cwd: folder.path });
  expect([0, 5], uninterrupted.err).toContain(uninterrupted.exitCode);
  await calm.close();

  // The same address: a prompt's hash says who serves the model.
  const { port } = calm;
  const simulator = await startSimulator({ seed: 5, faults, latency: { minMs: 30, maxMs: 200 }, port });
  const command = run(simulator.url, 'killed.db', 'killed');
  let killed = 0;
  for (const [kill, round] of KILLED_IN.entries()) {
    const process = new PanelistProcess(command, { cwd: folder.path });
    // At different moments of the round: when this many have replied.
    const replied = new RegExp(`Round ${round} [\\s\\S]*(\\nP\\d+: [^\\n]*){${4 + 4 * kill}}`);
    await process.says(replied, 'out');
    process.kill('SIGKILL');
    const { exitCode } = await process.finished;
    if (exitCode === null) killed += 1;
  }
  expect(killed).toBe(KILLED_IN.length);
  const last = await runPanelist(command, { cwd: folder.path });
  expect(last.exitCode, last.err).toBe(uninterrupted.exitCode);

  expect(await transcript('killed')).toBe(await transcript('calm'));
  const turns = (await transcript('killed'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SpokenTurn);
  const replies = turns.filter(({ speaker }) => speaker === 'participant');
  expect(replies).toHaveLength(PARTICIPANTS * ROUNDS);
  expect(new Set(replies.map(({ round, participantId }) => `${round} ${participantId}`)).size).toBe(
    replies.length,
  );
  const failed = replies.filter(({ status }) => status === 'failed');
  expect(replies.filter(({ status }) => status === 'replied')).toHaveLength(replies.length - failed.length);
  for (const { error } of failed) expect(error).toMatch(/^[A-Z_]+: ./);
  await simulator.close();
});
