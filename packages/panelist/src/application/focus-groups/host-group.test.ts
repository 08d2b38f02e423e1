import { TaskManager } from '@panelist/toolkit';
import { describe, expect, it } from 'vitest';
import { groupOf } from '../../focus-group/guide/group-of-guide.ts';
import type { FocusGroupGuide } from '../../focus-group/guide/guide.ts';
import { readGroup } from '../../focus-group/history.ts';
import { groupModel, groupRunner, guideOf, people } from '../../focus-group/testing/build-group.ts';
import { transcriptOf } from '../../focus-group/transcript.ts';
import { createGroup } from './create-group.ts';
import { deleteGroup } from './delete-group.ts';
import type { HostRequest } from './group-state.ts';
import { groupsToContinue } from './groups-to-continue.ts';
import { GroupHost } from './host-group.ts';
import { groupTurnsPage, showGroup } from './show-group.ts';

const say = (id: string, message: string, to: readonly string[] | 'all' = 'all'): HostRequest => ({
  kind: 'say',
  id,
  message,
  to,
  stimulus: null,
  mode: 'simultaneous',
  replyWords: null,
});

/** A message that nobody answers until `answer` is called. */
class Pause {
  readonly #asked = Promise.withResolvers<void>();
  readonly #answer = Promise.withResolvers<void>();
  readonly #message: string;

  constructor(message: string) {
    this.#message = message;
  }

  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  answer(): void {
    this.#answer.resolve();
  }

  async reply(message: string): Promise<void> {
    if (message !== this.#message) return;
    this.#asked.resolve();
    await this.#answer.promise;
  }
}

interface Opened {
  readonly guide?: Partial<FocusGroupGuide>;
  readonly pause?: Pause;
  readonly run?: boolean;
  readonly fails?: (message: string) => boolean;
}

async function opened({ guide = { rounds: [] }, pause, run = false, fails = () => false }: Opened = {}) {
  const tasks = new TaskManager();
  const model = groupModel(async ({ name, message }) => {
    await pause?.reply(message);
    if (fails(message)) throw Object.assign(new Error('Unauthorized'), { status: 401 });
    return `${name} on ${message}`;
  });
  const process = (): GroupHost => new GroupHost({ tasks, runner: groupRunner(model, tasks) }, 'lunch');
  await createGroup(tasks, groupOf(guideOf(guide), 'lunch', people), { run, marks: { hosted: true } });
  const rounds = async () => (await transcriptOf(tasks, await readGroup(tasks, 'lunch'))).rounds;
  return {
    tasks,
    model,
    process,
    rounds,
    messages: async () => (await rounds()).map((each) => each.message),
  };
}

describe('GroupHost', () => {
  it('says a message once, however often it is sent, and other messages in their order', async () => {
    const { tasks, model, process, messages } = await opened();
    const host = process();
    const isNew = await Promise.all([
      host.requests.add(say('a', 'Soup?')),
      host.requests.add(say('a', 'Soup?')),
      host.requests.add(say('b', 'Bread?')),
    ]);
    expect(isNew).toEqual([true, false, true]);
    await host.goOn();
    expect((await showGroup(tasks, 'lunch', Date.now())).state).toMatchObject({
      status: 'running',
      waiting: [{ id: 'a', text: 'Soup?' }, { id: 'b' }],
    });
    await host.idle();
    expect(await host.requests.add(say('a', 'Soup?'))).toBe(false);
    await host.goOn();
    await host.idle();
    expect(await messages()).toEqual(['Soup?', 'Bread?']);
    expect(model.asked).toHaveLength(6);
    expect((await showGroup(tasks, 'lunch', Date.now())).state).toMatchObject({
      status: 'idle',
      waiting: [],
    });
  });

  it('says the same words again where they are another message', async () => {
    const { process, messages } = await opened();
    const host = process();
    await Promise.all([host.requests.add(say('a', 'More?')), host.requests.add(say('b', 'More?'))]);
    await host.goOn();
    await host.idle();
    expect(await messages()).toEqual(['More?', 'More?']);
  });

  it('goes on with the rest of the guide, and what else was asked, in another process', async () => {
    const pause = new Pause('What is for lunch?');
    const { tasks, process, messages } = await opened({ guide: {}, run: true, pause });
    const first = process();
    await first.goOn();
    await pause.asked;
    await first.requests.add(say('a', 'Soup?'));
    expect(await groupsToContinue(tasks)).toEqual([expect.objectContaining({ focusGroupId: 'lunch' })]);
    const second = process();
    await second.goOn();
    pause.answer();
    await second.idle();
    expect(await groupsToContinue(tasks)).toEqual([]);
    await first.idle();
    expect((await messages()).sort()).toEqual(['And tomorrow?', 'Soup?', 'What is for lunch?']);
    expect(await showGroup(tasks, 'lunch', Date.now())).toMatchObject({
      hasNext: false,
      rounds: 3,
      replies: 9,
    });
  });

  it('says what a host says meanwhile before the next round of the guide', async () => {
    const pause = new Pause('What is for lunch?');
    const { process, messages } = await opened({ guide: {}, run: true, pause });
    const host = process();
    await host.goOn();
    await pause.asked;
    for (const request of [say('a', 'Soup?'), say('b', 'Bread?')]) await host.requests.add(request);
    await host.goOn();
    pause.answer();
    await host.idle();
    expect(await messages()).toEqual(['What is for lunch?', 'Soup?', 'Bread?', 'And tomorrow?']);
  });

  it('starts nothing more while it is paused, and goes on when it is resumed', async () => {
    const pause = new Pause('What is for lunch?');
    const { tasks, process, messages } = await opened({ guide: {}, run: true, pause });
    const host = process();
    await host.goOn();
    await pause.asked;
    await host.pause();
    pause.answer();
    await host.idle();
    const paused = await showGroup(tasks, 'lunch', Date.now());
    expect(paused).toMatchObject({ state: { status: 'paused', reason: null }, replies: 3, rounds: 1 });
    expect(await groupsToContinue(tasks)).toEqual([]);
    await host.goOn();
    await host.idle();
    expect(await messages()).toHaveLength(1);
    await host.resume();
    await host.idle();
    expect(await messages()).toEqual(['What is for lunch?', 'And tomorrow?']);
    expect((await showGroup(tasks, 'lunch', Date.now())).state.status).toBe('idle');
  });

  it('takes back what waits and what nobody has answered, and says neither again', async () => {
    const pause = new Pause('Soup?');
    const { process, messages, model } = await opened({ pause });
    const host = process();
    for (const request of [say('a', 'Soup?'), say('b', 'Bread?')]) await host.requests.add(request);
    await host.goOn();
    await pause.asked;
    await host.takeBack('b');
    const taking = host.takeBack('a');
    pause.answer();
    await taking;
    await host.idle();
    expect(await messages()).toEqual([]);
    expect(model.asked.map(({ message }) => message)).not.toContain('Bread?');
    expect(await host.requests.add(say('a', 'Soup?'))).toBe(false);
    await host.requests.add(say('c', 'Cake?', ['p1']));
    await host.goOn();
    await host.idle();
    expect(await messages()).toEqual(['Cake?']);
    await expect(host.takeBack('c')).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('stops where the provider fails for everybody, says why, and tries again when it is resumed', async () => {
    let isDown = true;
    const { tasks, process, messages, rounds } = await opened({ guide: {}, run: true, fails: () => isDown });
    const host = process();
    await host.goOn();
    await host.idle();
    const { state } = await showGroup(tasks, 'lunch', Date.now());
    expect(state).toMatchObject({ status: 'paused', reason: expect.stringContaining('Unauthorized') });
    expect(await messages()).toHaveLength(1);
    isDown = false;
    await host.resume();
    await host.idle();
    expect((await rounds()).flatMap(({ replies }) => replies.map(({ status }) => status))).toEqual(
      Array.from({ length: 6 }, () => 'replied'),
    );
  });

  it('cancels what is under way, forgets what waits, and can be deleted then', async () => {
    const pause = new Pause('Soup?');
    const { tasks, process, messages } = await opened({ pause });
    const host = process();
    for (const request of [say('a', 'Soup?'), say('b', 'Bread?')]) await host.requests.add(request);
    await host.goOn();
    await pause.asked;
    await expect(deleteGroup(tasks, 'lunch')).rejects.toMatchObject({ code: 'USAGE' });
    const cancelling = host.cancel();
    pause.answer();
    await cancelling;
    expect(await messages()).toEqual([]);
    await host.requests.add(say('c', 'Cake?'));
    await host.goOn();
    await host.idle();
    expect(await messages()).toEqual(['Cake?']);
    await deleteGroup(tasks, 'lunch');
    await expect(showGroup(tasks, 'lunch', Date.now())).rejects.toMatchObject({ code: 'GROUP_NOT_FOUND' });
  });

  it('polls, and asks a retry only of replies that failed', async () => {
    let isDown = true;
    const { tasks, process } = await opened({ fails: (message) => isDown && message === 'Soup?' });
    const host = process();
    await host.requests.add(say('a', 'Soup?'));
    await host.goOn();
    await host.idle();
    expect(await showGroup(tasks, 'lunch', Date.now())).toMatchObject({ failed: 3, replies: 0 });
    isDown = false;
    await host.requests.add({ kind: 'retry-failed', id: 'retry-failed' });
    await host.requests.add({
      ...{ kind: 'poll', id: 'p', title: 'Lunch', locale: null },
      survey: { elements: [{ type: 'comment', name: 'why', title: 'Why?' }] },
    });
    await host.goOn();
    await host.idle();
    expect(await showGroup(tasks, 'lunch', Date.now())).toMatchObject({ failed: 0, replies: 3 });
    const { turns } = await groupTurnsPage(tasks, 'lunch', {}, Date.now());
    expect(turns.map(({ content, total }) => [content.kind, total])).toEqual([
      ['opening', 0],
      ['round', 3],
      ['poll', 3],
    ]);
  });

  it('loses nothing that two servers are asked at once', async () => {
    const { process, messages } = await opened();
    const hosts = [process(), process()];
    const ids = Array.from({ length: 6 }, (_, n) => `m${n}`);
    await Promise.all(
      hosts.flatMap((host, index) =>
        ids.map((id) => host.requests.add(say(`${id}-${index}`, `${id}-${index}`))),
      ),
    );
    expect((await hosts[0]!.requests.read()).requests).toHaveLength(12);
    for (const host of hosts) await host.goOn();
    for (const host of hosts) await host.idle();
    expect((await messages()).sort()).toEqual(ids.flatMap((id) => [`${id}-0`, `${id}-1`]).sort());
  });

  it('bounds what waits', async () => {
    const { process } = await opened();
    const host = process();
    const huge = { ...say('a', 'Soup?'), stimulus: 'x'.repeat(200_000) };
    await expect(host.requests.add(huge)).rejects.toThrow(/larger than 200000 characters/);
    for (let n = 0; n < 50; n += 1) await host.requests.add(say(`m${n}`, 'Soup?'));
    await expect(host.requests.add(say('last', 'Soup?'))).rejects.toThrow(/50 requests wait/);
  });
});
