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

it('prunes tasks that finished long ago, and says first how many', async () => {
  await using at = await project();
  const before = (JSON.parse((await at.run('tasks', '--json')).out) as object[]).length;
  expect((await at.run('tasks', 'prune', '--older-than', '90d')).out).toMatch(
    /^Deleted 0 tasks that finished before \d{4}-/,
  );
  const dry = await at.run('tasks', 'prune', '--older-than', '0h', '--dry-run', '--json');
  expect(JSON.parse(dry.out)).toEqual({ tasks: before, finishedBefore: expect.any(String), dryRun: true });
  expect((await at.run('tasks', 'show', at.taskId)).exitCode).toBe(0);
  expect((await at.run('tasks', 'prune', '--older-than', '0h')).out).toContain(`Deleted ${before} tasks`);
  expect((await at.run('tasks')).out).toBe('No tasks.\n');
  expect((await at.run('tasks', 'show', at.taskId)).err).toContain('[TASK_NOT_FOUND]');
  for (const age of ['90', 'old', '-1d', '1.5d', '1y']) {
    const refused = await at.run('tasks', 'prune', `--older-than=${age}`);
    expect(refused).toMatchObject({ exitCode: 2, err: expect.stringContaining('36h, 90d or 12w') });
  }
  expect((await at.run('tasks', 'prune')).err).toContain('--older-than <age>');
});

it('deploys a survey again from its stored replies after it was pruned', async () => {
  await using at = await project();
  await at.run('tasks', 'prune', '--older-than', '0h');
  const again = await at.run(...at.deploy, '--json', '--force');
  expect(again.exitCode, again.err).toBe(0);
  expect(JSON.parse(again.out)).toMatchObject({ successCount: 2, usage: { requests: 0 } });
});

it('writes the report of a survey beside its answers', async () => {
  await using at = await project();
  expect(await readFile(at.path('survey/report.html'), 'utf8')).toContain('Do you drink tea?');
});
