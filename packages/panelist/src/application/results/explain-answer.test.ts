import { afterAll, beforeAll, expect, it } from 'vitest';
import { requestHash } from '../../models/replies/request-hash.ts';
import { deploySurvey } from '../../survey/deploy-survey.ts';
import { importSurvey } from '../../survey/import/import-surveyjs.ts';
import { questionnaire, single } from '../../survey/testing/build-questionnaire.ts';
import { openWorkspace, type Workspace } from '../open-workspace.ts';
import { explainAnswer } from './explain-answer.ts';
import { surveyTask } from './testing/survey-task.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace({ database: ':memory:' });
});
afterAll(() => workspace.close());

const survey = {
  elements: [
    {
      type: 'radiogroup',
      name: 'where',
      title: 'Where?',
      choices: [
        { value: 'h', text: 'At home' },
        { value: 'w', text: 'At work' },
      ],
    },
    { type: 'comment', name: 'why', title: 'Why <b>there</b>?' },
  ],
};

async function deployed() {
  const { questionnaire: asked } = importSurvey(survey);
  const respondents = ['ada', 'bo', 'cy'].map((id) => ({ id, persona: { name: id, town: '<img src=x>' } }));
  const { task } = await deploySurvey(workspace.runner, {
    ...{ survey: 'lunch', questionnaire: asked, audience: 'three', respondents, model: 'simulator?seed=1' },
    randomizeOptions: true,
  });
  await workspace.runner.wait(task.taskId);
  return (await workspace.tasks.store.get(task.taskId))!;
}

it('shows the persona, the prompt with its hash, the reply, and where the interview is', async () => {
  const task = await deployed();
  const found = await explainAnswer(workspace, task, 'bo', 'where');
  expect(found).toMatchObject({
    ...{ key: 'bo', position: 1, total: 3, previous: 'ada', next: 'cy', status: 'answered' },
    persona: { name: 'bo', town: '<img src=x>' },
    question: { name: 'where', title: 'Where?', kind: 'single-choice' },
    promptProblem: null,
  });
  expect(['At home', 'At work']).toContain(found.text);
  expect(found.shownOptions?.map(({ text }) => text).sort()).toEqual(['At home', 'At work']);
  const [call] = found.calls;
  expect(call).toMatchObject({ attempts: 1, prompt: { isStored: true, seed: null } });
  expect(call?.inputTokens).toBeGreaterThan(0);
  expect(call?.prompt?.messages.map(({ content }) => content).join()).toContain('Where?');
  expect(call?.prompt?.reply).toContain(found.raw ?? 'nothing');
  // The request that is shown is the one that has the recorded hash.
  const stored = await workspace.storedCall(
    { model: 'simulator?seed=1', baseUrl: null, freshRun: null },
    call!.promptHash,
  );
  expect(stored?.request?.messages).toEqual(call?.prompt?.messages);
  expect(requestHash('simulator?seed=1', stored!.request!)).toBe(call?.promptHash);
  expect(await explainAnswer(workspace, task, 'ada', 'why')).toMatchObject({ previous: null, next: 'bo' });
});

it('says why a prompt cannot be shown, and shows the rest', async () => {
  const task = await deployed();
  const lost = { ...workspace, storedCall: async () => undefined, storedReplies: () => failing };
  const found = await explainAnswer(lost, task, 'bo', 'where');
  expect(found).toMatchObject({ status: 'answered', calls: [{ prompt: null, attempts: 1 }] });
  expect(found.promptProblem).toContain('not stored');
});

const failing = {
  id: 'simulator',
  reply: async () => {
    const { PanelistError } = await import('../../panelist-error.ts');
    throw new PanelistError('USAGE', 'It is not stored.');
  },
};

it('explains interviews that failed, were skipped or have not been held', async () => {
  const asked = questionnaire([single('where')]);
  const { tasks, record } = await surveyTask(asked, [
    { id: 'a', outcome: { error: 'no connection', code: 'ECONNREFUSED' } },
    { id: 'b', outcome: null },
    { id: 'c', outcome: {} },
  ]);
  const explain = async (key: string) => explainAnswer({ ...workspace, tasks }, await record(), key, 'where');
  expect(await explain('a')).toMatchObject({
    ...{ status: 'failed', problem: 'no connection', failureCode: 'ECONNREFUSED', calls: [] },
  });
  expect(await explain('b')).toMatchObject({ status: 'pending', calls: [], previous: 'a', next: 'c' });
  expect(await explain('c')).toMatchObject({ status: 'skipped', calls: [] });
  await expect(explain('d')).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('"d"'),
  });
  await expect(explainAnswer({ ...workspace, tasks }, await record(), 'a', 'x')).rejects.toMatchObject({
    code: 'USAGE',
  });
});
