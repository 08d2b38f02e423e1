import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { PanelistProcess, temporaryFolder } from './panelist-process.ts';

const PEOPLE = 5;
const ROUNDS = 6;
/** Rounds in the middle of which the server is killed. */
const KILLED_IN = [1, 3, 5];

/** The server and the process that runs its tasks. */
class Serving {
  readonly process: PanelistProcess;
  readonly #url: Promise<string>;

  constructor(cwd: string) {
    const model = 'simulator?latency=100-400';
    this.process = new PanelistProcess(
      ['serve', '--port', '0', '--database', 'groups.db', '--model', model],
      { cwd },
    );
    this.#url = this.process
      .says(/Panelist is at \S+\n/, 'out')
      .then(() => /at (\S+)/.exec(this.process.said.out)?.[1] ?? '');
  }

  // biome-ignore lint/suspicious/noExplicitAny: the expectations look into it
  async json(path: string, body?: unknown): Promise<any> {
    const response = await fetch(`${await this.#url}/api/focus-groups${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'Content-Type': 'application/json', 'Panelist-Request': '1' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  /** As a machine that loses power does. */
  async die(): Promise<void> {
    const { pid } = this.process;
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    this.process.kill('SIGKILL');
    for (const child of children.trim().split(' ')) process.kill(Number(child), 'SIGKILL');
    await this.process.finished;
  }
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
  let serving = new Serving(folder.path);
  await serving.json('', {
    focusGroupId: 'plans',
    guide: { name: 'plans.guide.json', text: JSON.stringify(guide) },
    audience: { name: 'people.csv', text: `id,name,age\n${people.join('\n')}\n` },
    model: 'simulator?latency=100-400',
    run: true,
  });
  const message = { messageId: 'm1', message: 'And what does it cost?' };
  for (const round of KILLED_IN) {
    await expect
      .poll(
        async () => {
          const { turns } = await serving.json('/plans/turns');
          const step = `round-${round}`;
          return turns.some(
            (turn: { step: string; succeeded: number }) => turn.step === step && turn.succeeded > 0,
          );
        },
        { interval: 20, timeout: 120_000 },
      )
      .toBe(true);
    if (round === KILLED_IN[1])
      expect(await serving.json('/plans/messages', message)).toEqual({ isNew: true });
    await serving.die();
    serving = new Serving(folder.path);
  }
  await expect
    .poll(async () => (await serving.json('/plans')).state.status, { interval: 100, timeout: 120_000 })
    .toBe('idle');
  expect(await serving.json('/plans')).toMatchObject({ hasNext: false, rounds: ROUNDS + 1, failed: 0 });
  expect(await serving.json('/plans/messages', message)).toEqual({ isNew: false });
  const { turns } = await serving.json('/plans/turns');
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
  await serving.die();
});
