import { readFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from './panelist-process.ts';
import { ServedPanelist } from './served-panelist.ts';

const MODEL = 'simulator?latency=100-400';
const PEOPLE = 5;
const ROUNDS = 6;
/** Rounds in the middle of which the server is killed. */
const KILLED_IN = [1, 3, 5];

const serve = (cwd: string): Promise<ServedPanelist> =>
  ServedPanelist.start(['--port', '0', '--database', 'groups.db', '--model', MODEL], { cwd });

/** The server and the process that runs its tasks, at once, as a machine that loses power does. */
async function killAll({ process: server }: ServedPanelist): Promise<void> {
  const children = await readFile(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8');
  server.kill('SIGKILL');
  for (const child of children.trim().split(' ')) process.kill(Number(child), 'SIGKILL');
  await server.finished;
}

it('goes on with a guide by itself after kill -9 of the server, and says what waited once', async () => {
  await using folder = await temporaryFolder();
  const guide = {
    title: 'Six plans',
    participants: {},
    poll: { survey: { elements: [{ type: 'rating', name: 'favour', title: 'In favour?' }] } },
    rounds: Array.from({ length: ROUNDS }, (_, n) => ({ message: `What do you think of plan ${n + 1}?` })),
  };
  const people = Array.from({ length: PEOPLE }, (_, n) => `p${n},Person ${n},${20 + n}`);
  let serving = await serve(folder.path);
  onTestFinished(() => serving.process.kill('SIGKILL'));
  await serving.json('/api/focus-groups', {
    focusGroupId: 'plans',
    guide: { name: 'plans.guide.json', text: JSON.stringify(guide) },
    audience: { name: 'people.csv', text: `id,name,age\n${people.join('\n')}\n` },
    model: MODEL,
    run: true,
  });
  const message = { messageId: 'm1', message: 'And what does it cost?' };
  for (const round of KILLED_IN) {
    await expect
      .poll(
        async () => {
          const { turns = [] } = await serving.json('/api/focus-groups/plans/turns');
          const step = `round-${round}`;
          return turns.some(
            (turn: { step: string; succeeded: number }) => turn.step === step && turn.succeeded > 0,
          );
        },
        { interval: 20, timeout: 120_000 },
      )
      .toBe(true);
    if (round === KILLED_IN[1])
      expect(await serving.json('/api/focus-groups/plans/messages', message)).toEqual({ isNew: true });
    await killAll(serving);
    serving = await serve(folder.path);
  }
  await expect
    .poll(async () => (await serving.json('/api/focus-groups/plans')).state?.status, {
      interval: 100,
      timeout: 120_000,
    })
    .toBe('idle');
  expect(await serving.json('/api/focus-groups/plans')).toMatchObject({
    hasNext: false,
    rounds: ROUNDS + 1,
    failed: 0,
  });
  expect(await serving.json('/api/focus-groups/plans/messages', message)).toEqual({ isNew: false });
  const { turns } = await serving.json('/api/focus-groups/plans/turns');
  const rounds = turns.flatMap(
    ({ content }: { content: { kind: string; message: string; replies: { status: string }[] } }) =>
      content.kind === 'round' ? [content] : [],
  );
  expect(rounds.map((round: { message: string }) => round.message).sort()).toEqual(
    ['And what does it cost?', ...guide.rounds.map((each) => each.message)].sort(),
  );
  for (const { replies } of rounds)
    expect(replies.map(({ status }: { status: string }) => status)).toEqual(
      Array.from({ length: PEOPLE }, () => 'replied'),
    );
  const polls = turns.filter(({ content }: { content: { kind: string } }) => content.kind === 'poll');
  expect(polls.map(({ succeeded }: { succeeded: number }) => succeeded)).toEqual([PEOPLE, PEOPLE]);
  await killAll(serving);
});
