import { TaskManager } from '@panelist/toolkit';
import { expect, it } from 'vitest';
import { groupOf } from '../../focus-group/guide/group-of-guide.ts';
import { runFocusGroup } from '../../focus-group/run-focus-group.ts';
import { groupModel, groupRunner, guideOf, people } from '../../focus-group/testing/build-group.ts';
import { createGroup } from './create-group.ts';
import { listGroupPage } from './list-groups.ts';

it('lists groups in pages, the newest first, with their counts', async () => {
  const tasks = new TaskManager();
  const runner = groupRunner(
    groupModel(({ name }) => name),
    tasks,
  );
  for (const id of ['a', 'b', 'c']) {
    await createGroup(tasks, groupOf(guideOf(), id, people), { marks: { hosted: true, owner: 'ada' } });
    if (id === 'b') await runFocusGroup(guideOf(), { runner, focusGroupId: id, audience: people });
  }
  const first = await listGroupPage(tasks, { limit: 2 }, Date.now());
  expect(first.groups).toMatchObject([
    { focusGroupId: 'c', rounds: 0, replies: 0, participants: 3, state: { owner: 'ada', isHosted: true } },
    {
      focusGroupId: 'b',
      rounds: 2,
      replies: 6,
      failed: 0,
      isOver: true,
      title: 'Lunch',
      model: 'test/model',
    },
  ]);
  const second = await listGroupPage(tasks, { limit: 2, after: first.next as string }, Date.now());
  expect(second).toMatchObject({ groups: [{ focusGroupId: 'a' }], next: null });
});

it('opens a group once, and refuses another guide under its name', async () => {
  const tasks = new TaskManager();
  const group = groupOf(guideOf(), 'lunch', people);
  const opened = await Promise.all([createGroup(tasks, group), createGroup(tasks, group)]);
  expect(opened.map(({ isNew }) => isNew).sort()).toEqual([false, true]);
  expect(await createGroup(tasks, group)).toEqual({ isNew: false });
  const other = groupOf(guideOf({ title: 'Dinner' }), 'lunch', people);
  await expect(createGroup(tasks, other)).rejects.toMatchObject({ code: 'GROUP_CHANGED' });
  expect((await listGroupPage(tasks, {}, Date.now())).groups).toHaveLength(1);
});
