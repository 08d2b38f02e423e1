import { TaskManager } from '@panelist/toolkit';
import { describe, expect, it } from 'vitest';
import { batchGenerateResponses } from '../../focus-group/batch-generate-responses.ts';
import { groupOf } from '../../focus-group/guide/group-of-guide.ts';
import { groupModel, groupRunner, guideOf, people } from '../../focus-group/testing/build-group.ts';
import { retryFailedReplies } from '../../focus-group/turns/retry-failed-replies.ts';
import { takeBackMessage } from '../../focus-group/turns/take-back-message.ts';
import { createGroup } from './create-group.ts';
import { groupChanges } from './group-changes.ts';
import type { GroupReply, GroupTurn } from './group-turn.ts';
import { groupTurnsPage, showGroup } from './show-group.ts';

/** What a page knows of a group, by its turns. */
class Page {
  readonly #tasks: TaskManager;
  readonly #turns = new Map<string, GroupTurn>();
  cursor: string;

  constructor(tasks: TaskManager, cursor: string) {
    this.#tasks = tasks;
    this.cursor = cursor;
  }

  async catchUp(): Promise<{ readonly turns: number; readonly replies: number }> {
    const changes = await groupChanges(this.#tasks, 'lunch', this.cursor, Date.now());
    expect(changes.isReset).toBe(false);
    this.cursor = changes.next;
    for (const turn of changes.turns) this.#turns.set(turn.taskId, turn);
    for (const { taskId, reply } of changes.replies) {
      const turn = this.#turns.get(taskId);
      if (turn?.content.kind !== 'round') throw new Error(`A reply of an unknown turn, ${taskId}.`);
      const replies = turn.content.replies.map(
        (each): GroupReply => (each.participantId === reply.participantId ? reply : each),
      );
      this.#turns.set(taskId, { ...turn, content: { ...turn.content, replies } });
    }
    return { turns: changes.turns.length, replies: changes.replies.length };
  }

  get contents(): readonly unknown[] {
    return [...this.#turns.values()]
      .filter(({ status }) => status !== 'cancelled')
      .sort((a, b) => a.turn - b.turn)
      .map(({ content }) => content);
  }
}

async function opened(replies: (asked: { name: string; message: string }) => string | Promise<string>) {
  const tasks = new TaskManager();
  const runner = groupRunner(groupModel(replies), tasks);
  await createGroup(tasks, groupOf(guideOf({ rounds: [] }), 'lunch', people));
  const { cursor } = await showGroup(tasks, 'lunch', Date.now());
  const page = new Page(tasks, cursor);
  const contents = async () =>
    (await groupTurnsPage(tasks, 'lunch', {}, Date.now())).turns
      .map(({ content }) => content)
      .filter(({ kind }) => kind !== 'opening');
  const say = (message: string) => batchGenerateResponses('lunch', 'all', message, { runner });
  return { tasks, runner, page, contents, say };
}

describe('groupChanges', () => {
  it('gives everything that was missed, once, whenever it is asked', async () => {
    const answer = Promise.withResolvers<void>();
    const { page, contents, say, tasks } = await opened(async ({ name }) => {
      if (name === 'Cy') await answer.promise;
      return `${name} speaks`;
    });
    expect(await page.catchUp()).toEqual({ turns: 0, replies: 0 });
    const said = say('Soup?');
    const seen = { turns: 0, replies: 0 };
    const look = async (): Promise<number> => {
      const { turns, replies } = await page.catchUp();
      seen.turns += turns;
      seen.replies += replies;
      return JSON.stringify(page.contents).match(/"replied"/g)?.length ?? 0;
    };
    await expect.poll(look, { interval: 1 }).toBe(2);
    answer.resolve();
    await said;
    await look();
    expect(page.contents).toEqual(await contents());
    await say('Bread?');
    await say('Cake?');
    await look();
    expect(page.contents).toEqual(await contents());
    expect(await page.catchUp()).toEqual({ turns: 0, replies: 0 });
    // What has come to its end needs no mark any more.
    expect(page.cursor.length).toBeLessThan(20);
    const late = new Page(tasks, '1-000000-');
    await expect(late.catchUp()).rejects.toThrow();
  });

  it('shows what was taken back, and what is asked again after it failed', async () => {
    let isDown = true;
    const answer = Promise.withResolvers<void>();
    const { runner, page, contents, say } = await opened(async ({ name, message }) => {
      if (message === 'Never?') await answer.promise;
      if (isDown && name === 'Bo') throw new Error('broken');
      return `${name} speaks`;
    });
    await say('Soup?');
    await page.catchUp();
    expect(JSON.stringify(page.contents)).toContain('broken');
    isDown = false;
    await retryFailedReplies(runner, 'lunch');
    await page.catchUp();
    expect(page.contents).toEqual(await contents());
    const never = say('Never?').catch(() => {});
    await expect.poll(async () => (await page.catchUp()).turns, { interval: 1 }).toBeGreaterThan(0);
    expect(page.contents).toHaveLength(2);
    const taking = takeBackMessage(runner, 'lunch');
    answer.resolve();
    await taking;
    await never;
    await page.catchUp();
    expect(page.contents).toEqual(await contents());
    expect(page.contents).toHaveLength(1);
  });

  it('begins again where the cursor is of another group or none', async () => {
    const { tasks, say } = await opened(({ name }) => name);
    await say('Soup?');
    for (const cursor of ['', 'x', '1-abcdef-', `z-${'0'.repeat(6)}-`, "'; drop table tasks"])
      expect(await groupChanges(tasks, 'lunch', cursor, Date.now())).toMatchObject({
        isReset: true,
        turns: [],
        state: { status: 'idle' },
      });
    await expect(groupChanges(tasks, 'dinner', '', Date.now())).rejects.toMatchObject({
      code: 'GROUP_NOT_FOUND',
    });
  });

  it('says when the process of a turn has died', async () => {
    const { tasks, page, say } = await opened(() => new Promise(() => {}));
    say('Soup?').catch(() => {});
    await expect.poll(async () => (await page.catchUp()).turns, { interval: 1 }).toBeGreaterThan(0);
    const later = Date.now() + 3_600_000;
    const changes = await groupChanges(tasks, 'lunch', page.cursor, later);
    expect(changes).toMatchObject({ turns: [{ status: 'interrupted' }], state: { status: 'interrupted' } });
    expect((await groupChanges(tasks, 'lunch', changes.next, later)).turns).toEqual([]);
  });
});
