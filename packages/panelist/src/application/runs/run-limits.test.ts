import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSimulator } from '../../simulator/server.ts';
import { importSurvey } from '../../survey/import/import-surveyjs.ts';
import { openWorkspace, type Workspace, type WorkspaceOptions } from '../open-workspace.ts';
import { deploy } from '../surveys/deploy.ts';
import { changeLimits } from './change-limits.ts';
import { resumeRun } from './resume-run.ts';
import { limitsOf, type RunLimits } from './run-limits.ts';
import { runKeyOf, runView } from './run-view.ts';

const { questionnaire } = importSurvey({
  elements: [{ type: 'radiogroup', name: 'where', title: 'Where?', choices: ['home', 'work'] }],
});

function deployment(survey: string, people = 3) {
  const respondents = Array.from({ length: people }, (_, id) => ({
    id: `r${id}`,
    persona: { name: `P${id}` },
  }));
  return { survey, questionnaire, audience: 'people', respondents, model: 'simulator?seed=1' };
}

async function recordOf({ tasks }: Workspace, taskId: string) {
  const task = await tasks.store.get(taskId);
  if (task === undefined) throw new Error(`no task ${taskId}`);
  return task;
}

/** Deploys and waits. */
async function run(workspace: Workspace, survey: string, limits?: RunLimits) {
  const { task } = await deploy(workspace, deployment(survey), limits);
  await workspace.runner.wait(task.taskId);
  return recordOf(workspace, task.taskId);
}

async function inWorkspace(options: WorkspaceOptions, use: (workspace: Workspace) => Promise<void>) {
  const workspace = await openWorkspace(options);
  try {
    await use(workspace);
  } finally {
    await workspace.close();
  }
}

it('pauses a run at its own limit, but not another run in the same process', async () => {
  await inWorkspace({ database: ':memory:' }, async (workspace) => {
    const [limited, free] = await Promise.all([
      run(workspace, 'limited', { maxTokens: 1 }),
      run(workspace, 'free'),
    ]);
    expect([limited.status, free.status]).toEqual(['paused', 'completed']);
    expect(limited.errorMessage).toContain('1 tokens');
    expect(workspace.spending(runKeyOf(limited)).exhausted).toBe('tokens');
    expect(workspace.spending(runKeyOf(free)).exhausted).toBeUndefined();
    expect(workspace.spending(runKeyOf(free)).usage.inputTokens).toBeGreaterThan(0);
    expect(workspace.spending(runKeyOf(limited)).usage.inputTokens).toBe(0);
  });
});

it('continues in the same process after the limit was changed', async () => {
  await inWorkspace({ database: ':memory:' }, async (workspace) => {
    const paused = await run(workspace, 'lunch', { maxTokens: 1 });
    await resumeRun(workspace, paused, { maxTokens: null });
    await workspace.runner.wait(paused.taskId);
    const task = await recordOf(workspace, paused.taskId);
    expect([task.status, task.successCount, limitsOf(task)]).toEqual(['completed', 3, { maxTokens: null }]);
    expect(workspace.spending(runKeyOf(task)).exhausted).toBeUndefined();
  });
});

it('records the limits with the task, so that another process uses them', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'panelist-'));
  const database = join(folder.path, 'panelist.db');
  let taskId = '';
  await inWorkspace({ database }, async (workspace) => {
    ({ taskId } = await run(workspace, 'lunch', { maxTokens: 1, maxConcurrency: 2 }));
  });
  await inWorkspace({ database, limits: { maxTokens: 1_000_000 } }, async (workspace) => {
    const resumed = await resumeRun(workspace, await recordOf(workspace, taskId));
    expect(limitsOf(resumed)).toEqual({ maxTokens: 1, maxConcurrency: 2 });
    await workspace.runner.wait(taskId);
    expect(await recordOf(workspace, taskId)).toMatchObject({ status: 'paused', successCount: 0 });
    // The same command with another limit.
    const again = await run(workspace, 'lunch', { maxTokens: 1_000_000 });
    expect([again.taskId, again.status]).toEqual([taskId, 'completed']);
    expect(limitsOf(again)).toEqual({ maxTokens: 1_000_000, maxConcurrency: 2 });
  });
});

it('records the limits of the workspace with a new task', async () => {
  await inWorkspace(
    { database: ':memory:', limits: { maxTokens: 1, maxConcurrency: 7 } },
    async (workspace) => {
      const task = await run(workspace, 'lunch', { maxConcurrency: 3 });
      expect([task.status, limitsOf(task)]).toEqual(['paused', { maxTokens: 1, maxConcurrency: 3 }]);
    },
  );
});

it('applies a limit that is lowered during the run', async () => {
  await inWorkspace({ database: ':memory:' }, async (workspace) => {
    const slow = { ...deployment('slow', 50), model: 'simulator?seed=1&latency=20' };
    const { task } = await deploy(workspace, slow, { maxConcurrency: 1 });
    const begun = Promise.withResolvers<void>();
    workspace.tasks.on('progress', () => begun.resolve());
    await begun.promise;
    await changeLimits(workspace, await recordOf(workspace, task.taskId), { maxTokens: 1 });
    await workspace.runner.wait(task.taskId);
    expect(await recordOf(workspace, task.taskId)).toMatchObject({ status: 'paused', failedCount: 0 });
    expect(task.successCount).toBeLessThan(50);
  });
});

it('rejects a cost limit for a model without a price before any change', async () => {
  await inWorkspace({ database: ':memory:' }, async (workspace) => {
    const unknown = { code: 'PRICE_UNKNOWN' };
    const task = await run(workspace, 'lunch', { maxTokens: 1 });
    const asked = { model: 'openai-compatible/x', baseUrl: 'http://127.0.0.1:9/v1' };
    const unpriced = { ...task, taskParams: { ...(task.taskParams as object), ...asked } };
    await expect(changeLimits(workspace, unpriced, { maxCostUsd: 1 })).rejects.toMatchObject(unknown);
    expect(limitsOf(await recordOf(workspace, task.taskId))).toEqual({ maxTokens: 1 });
    const other = { ...deployment('other'), ...asked };
    await expect(deploy(workspace, other, { maxCostUsd: 1 })).rejects.toMatchObject(unknown);
    expect(await workspace.tasks.listTasks()).toHaveLength(1);
  });
});

it.each([
  { maxCostUsd: -1 },
  { maxTokens: 0 },
  { requestsPerMinute: 0.5 },
  { maxConcurrency: Number.NaN },
  { tokensPerMinute: '5' as unknown as number },
])('refuses %j', async (limits) => {
  await inWorkspace({ database: ':memory:' }, async (workspace) => {
    const [name = '', value] = Object.entries(limits)[0] ?? [];
    const message = `${name} must be .*, got ${JSON.stringify(value)}`;
    await expect(deploy(workspace, deployment('lunch'), limits)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringMatching(message),
    });
  });
});

it('stops limiting the account when the run has ended', async () => {
  await inWorkspace({ database: ':memory:' }, async (workspace) => {
    const simulator = await startSimulator({ seed: 1 });
    const account = { model: 'openai-compatible/x', baseUrl: simulator.url };
    const limited = { ...deployment('limited', 1), ...account };
    const { task } = await deploy(workspace, limited, { requestsPerMinute: 1 });
    await workspace.runner.wait(task.taskId);
    // Of the same account: at one request per minute it would take minutes.
    const free = await deploy(workspace, { ...deployment('free', 6), ...account });
    await workspace.runner.wait(free.task.taskId);
    expect(await recordOf(workspace, free.task.taskId)).toMatchObject({
      status: 'completed',
      successCount: 6,
    });
    await simulator.close();
  });
}, 60_000);

it('lists a task with limits that are not valid', async () => {
  await inWorkspace({ database: ':memory:' }, async (workspace) => {
    const task = await run(workspace, 'lunch');
    expect(runView({ ...task, settings: { maxTokens: 0 } }, 0).limits).toBeNull();
  });
});

it('refuses a row with invalid limits', async () => {
  expect(() => limitsOf({ taskId: 'task_1', settings: { maxTokens: 'many' } })).toThrow(
    expect.objectContaining({ code: 'ROW_INVALID', message: expect.stringContaining('maxTokens') }),
  );
});
