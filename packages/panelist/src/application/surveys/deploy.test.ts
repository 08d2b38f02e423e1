import { expect, it } from 'vitest';
import { PanelistError } from '../../panelist-error.ts';
import type { SurveyDeployment } from '../../survey/deploy-survey.ts';
import { importSurvey } from '../../survey/import/import-surveyjs.ts';
import { openWorkspace, type Workspace } from '../open-workspace.ts';
import { deploy } from './deploy.ts';

const { questionnaire } = importSurvey({
  elements: [{ type: 'radiogroup', name: 'where', title: 'Where?', choices: ['home', 'work'] }],
});
const deployment: SurveyDeployment = {
  survey: 'lunch',
  questionnaire,
  audience: 'one',
  respondents: [{ id: 'ada', persona: { name: 'Ada' } }],
  model: 'simulator?seed=1',
};

/** A workspace whose environment has lost the model's key. */
const withoutKey = (workspace: Workspace): Workspace => ({
  ...workspace,
  checkModel: async () => {
    throw new PanelistError('API_KEY_MISSING', 'no key');
  },
});

it('checks the model before a survey is started or joined, and not if it has finished', async () => {
  const workspace = await openWorkspace({ database: ':memory:' });
  try {
    const keyless = withoutKey(workspace);
    await expect(deploy(keyless, deployment)).rejects.toMatchObject({ code: 'API_KEY_MISSING' });
    expect(await workspace.tasks.listTasks()).toEqual([]);
    const { task, how } = await deploy(workspace, deployment);
    expect(how).toBe('started');
    await workspace.runner.wait(task.taskId);
    expect(await deploy(keyless, deployment)).toMatchObject({
      task: { taskId: task.taskId },
      how: 'finished',
    });
    const changed = { ...deployment, replicates: 2 };
    await expect(deploy(keyless, changed)).rejects.toMatchObject({ code: 'API_KEY_MISSING' });
    const fresh = { ...deployment, fresh: true };
    await expect(deploy(keyless, fresh)).rejects.toMatchObject({ code: 'API_KEY_MISSING' });
  } finally {
    await workspace.close();
  }
});
