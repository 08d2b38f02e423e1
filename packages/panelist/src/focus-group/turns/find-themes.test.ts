import { TaskManager } from '@panelist/toolkit';
import { expect, it } from 'vitest';
import { runFocusGroup } from '../run-focus-group.ts';
import { groupModel, groupRunner, guideOf, people } from '../testing/build-group.ts';
import { findThemes } from './find-themes.ts';
import { GroupStopped } from './run-turn.ts';

const quote = (participant: string, text: string, round = 1) => ({ participant, round, quote: text });

/** A group that has ended, and a model that says these are its themes. */
async function read(replies: readonly unknown[], tasks = new TaskManager()) {
  const left = [...replies];
  const model = groupModel(({ name, message, request }) => {
    if (request.replySchema?.name !== 'themes') return `${name} says: “It’s the soup”, on ${message}`;
    const next = left.shift();
    return typeof next === 'string' ? next : JSON.stringify({ themes: next });
  });
  const runner = groupRunner(model, tasks);
  await runFocusGroup(guideOf(), { runner, focusGroupId: 'lunch', audience: people });
  const asked = () => model.asked.filter(({ request }) => request.replySchema?.name === 'themes');
  return { runner, asked, themes: () => findThemes(runner, 'lunch') };
}

it('keeps what a model quotes word for word, with where it was said, and leaves out what nobody said', async () => {
  const { themes, asked } = await read([
    [
      {
        name: 'Soup ',
        description: 'They like it.',
        quotes: [
          quote('ada', "it's the SOUP"),
          quote('Bo', '"on And tomorrow?"', 9),
          quote('Cy', 'I hate soup'),
        ],
      },
      {
        name: 'Made up',
        description: '',
        quotes: [quote('Bo', 'never said'), quote('Nobody', 'It’s the soup')],
      },
    ],
  ]);
  expect(await themes()).toEqual({
    model: 'test/model',
    unsupported: 3,
    themes: [
      {
        name: 'Soup',
        description: 'They like it.',
        speakers: 2,
        replies: 2,
        quotes: [
          { participantId: 'p1', name: 'Ada', round: 1, text: "it's the SOUP" },
          { participantId: 'p2', name: 'Bo', round: 2, text: '"on And tomorrow?"' },
        ],
      },
    ],
  });
  expect(asked()[0]?.user).toContain('Round 2\nHost: And tomorrow?\nAda: Ada says: “It’s the soup”');
});

it('asks once more where nothing that is quoted was said, and says so', async () => {
  const { themes, asked } = await read([
    [{ name: 'Made up', description: '', quotes: [quote('Bo', 'never said')] }],
    [{ name: 'Soup', description: '', quotes: [quote('Bo', 'It’s the soup')] }],
  ]);
  expect((await themes()).themes).toHaveLength(1);
  expect(asked()[1]?.request.messages.at(-1)?.content).toContain('copy them word for word');
});

it('makes no second call for what was read before, and tries again what failed', async () => {
  const tasks = new TaskManager();
  const failing = await read(['no JSON', 'nor this'], tasks);
  await expect(failing.themes()).rejects.toThrow(GroupStopped);
  const first = await read(
    [[{ name: 'Soup', description: '', quotes: [quote('Bo', 'It’s the soup')] }]],
    tasks,
  );
  const found = await first.themes();
  const again = await read([], tasks);
  expect(await again.themes()).toEqual(found);
  expect(again.asked()).toEqual([]);
});

it('reads a hostile reply in linear time', async () => {
  const soup = [{ name: 'Soup', description: '', quotes: [quote('Bo', 'It’s the soup')] }];
  const marks = quote('Bo', `a${"'".repeat(300_000)}b`);
  const { themes } = await read([
    `{"themes": [] ${' '.repeat(500_000)}x`,
    [{ ...soup[0], quotes: [marks, ...soup[0]!.quotes] }],
  ]);
  const startedAt = performance.now();
  expect((await themes()).themes).toHaveLength(1);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
