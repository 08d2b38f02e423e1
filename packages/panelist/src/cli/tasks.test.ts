import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { project } from './testing/project.ts';

it('lists tasks with their titles and models, and takes `last` and beginnings of ids wherever an id is taken', async () => {
  await using at = await project();
  const list = await at.run('tasks');
  expect(list.out).toMatch(new RegExp(`^${at.taskId} {2}s {2}simulator$`, 'm'));
  expect(list.out).toMatch(/^task_\w+ {2}Lunch \(round-1\) {2}simulator$/m);
  const views = JSON.parse((await at.run('tasks', '--json')).out) as object[];
  expect(views).toContainEqual(
    expect.objectContaining({ taskId: at.taskId, title: 's', model: 'simulator' }),
  );

  const opening = await at.run('tasks', 'show', 'last');
  expect(opening.out).toContain('Lunch (round-1)');
  const last = await at.run('results', 'summary', 'last', '--json');
  expect(JSON.parse(last.out)).toMatchObject({ taskId: at.taskId });
  const beginning = await at.run('results', 'export', at.taskId.slice(5, -1), '--out', at.path('x.csv'));
  expect(beginning.exitCode, beginning.err).toBe(0);
  for (const command of [
    ['results', 'prompt', 'last', '1', 'tea'],
    ['results', 'report', 'last', '--out', at.path('x.html')],
    ['tasks', 'resume', 'last', '--out', at.path('a')],
    ['tasks', 'retry-failed', at.taskId.slice(0, -1), '--out', at.path('a')],
  ]) {
    const ran = await at.run(...command);
    expect(ran.exitCode, ran.err).toBe(0);
  }
  expect((await at.run('tasks', 'cancel', 'last')).err).toContain('is completed already');
  expect((await at.run('tasks', 'show', 'task_')).err).toContain('[TASK_AMBIGUOUS]');
});

it('writes the report of a survey beside its answers', async () => {
  await using at = await project();
  expect(await readFile(at.path('survey/report.html'), 'utf8')).toContain('Do you drink tea?');
});
