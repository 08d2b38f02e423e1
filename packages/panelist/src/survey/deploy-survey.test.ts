import { TaskManager, TaskRunner } from '@panelist/toolkit';
import { VirtualClock } from '@panelist/toolkit/testing';
import { describe, expect, it } from 'vitest';
import type { ChatModel, ChatReply, ChatRequest } from '../models/chat-model.ts';
import { deploySurvey, type SurveyDeployment } from './deploy-survey.ts';
import { importSurveyJs } from './import/import-surveyjs.ts';
import { surveyJob } from './survey-job.ts';
import { surveyResults } from './survey-results.ts';
import { SURVEY_JOB } from './survey-task.ts';

const questionnaire = importSurveyJs({
  elements: [
    { type: 'radiogroup', name: 'like', title: 'Do you like it?', isRequired: true, choices: ['Yes', 'No'] },
  ],
});

function setUp() {
  const clock = new VirtualClock(1_000_000);
  const asked: ChatRequest[] = [];
  const state = { answer: async (_request: ChatRequest): Promise<string> => '{"q1":"Yes"}' };
  const model: ChatModel = {
    id: 'test/model',
    async reply(request): Promise<ChatReply> {
      asked.push(request);
      const text = await state.answer(request);
      return {
        text,
        finishReason: 'stop',
        returnedModel: 'm',
        inputTokens: 1,
        outputTokens: 1,
        elapsedMs: 1,
      };
    },
  };
  const runner = new TaskRunner({ tasks: new TaskManager({ clock }), clock }).register(
    SURVEY_JOB,
    surveyJob(async () => model),
  );
  const deployment: SurveyDeployment = {
    survey: 'taste',
    questionnaire,
    audience: 'people.csv',
    respondents: [
      { id: 'a', persona: { age: '30' } },
      { id: 'b', persona: { age: '40' } },
    ],
    model: 'test/model',
  };
  const finish = (taskId: string) => clock.runUntilSettled(runner.wait(taskId));
  return { clock, asked, state, runner, deployment, finish };
}

describe('deploySurvey', () => {
  it('records the rule of displayed orders with the task, and not in what identifies it', async () => {
    const { runner, deployment, finish } = setUp();
    const { task } = await deploySurvey(runner, deployment);
    expect(task.taskParams).toMatchObject({ orderRule: 'measurement' });
    // That of earlier versions, so that the same deployment finds its task.
    expect(task.fingerprint).toBe('5006a7b3b4bae249b689382f34913aad');
    await finish(task.taskId);
  });

  it('starts once, joins while it runs, and returns a finished task', async () => {
    const { runner, deployment, asked, finish } = setUp();
    const [first, second] = await Promise.all([
      deploySurvey(runner, deployment),
      deploySurvey(runner, deployment),
    ]);
    expect([first.how, second.how].sort()).toEqual(['joined', 'started']);
    expect(second.task.taskId).toBe(first.task.taskId);
    await finish(first.task.taskId);
    expect(asked).toHaveLength(2);
    expect(await deploySurvey(runner, deployment)).toMatchObject({
      how: 'finished',
      task: { taskId: first.task.taskId },
    });
    expect(asked).toHaveLength(2);
  });

  it('is a different task for other questions, people or models', async () => {
    const { runner, deployment, finish } = setUp();
    const { task } = await deploySurvey(runner, deployment);
    await finish(task.taskId);
    const reversed = importSurveyJs({
      elements: [
        {
          type: 'radiogroup',
          name: 'like',
          title: 'Do you like it?',
          isRequired: true,
          choices: ['No', 'Yes'],
        },
      ],
    });
    for (const change of [
      { questionnaire: reversed },
      { respondents: deployment.respondents.toReversed() },
      { model: 'test/other' },
      { seed: 1 },
      { ask: 'question' as const },
      { randomizeOptions: true },
      { replicates: 2 },
      { temperature: 1 },
      { baseUrl: 'http://127.0.0.1:1/v1' },
    ]) {
      expect((await deploySurvey(runner, { ...deployment, ...change })).how).toBe('started');
    }
  });

  it('runs again with fresh, and joins a fresh run in progress', async () => {
    const { runner, deployment, asked, finish } = setUp();
    const { task } = await deploySurvey(runner, deployment);
    await finish(task.taskId);
    const fresh = await deploySurvey(runner, { ...deployment, fresh: true });
    const joined = await deploySurvey(runner, { ...deployment, fresh: true });
    expect([fresh.how, joined.how]).toEqual(['started', 'joined']);
    await finish(fresh.task.taskId);
    expect(asked).toHaveLength(4);
  });

  it('rejects fresh while the same survey is unfinished with stored answers', async () => {
    const { runner, deployment, state, clock } = setUp();
    state.answer = () => new Promise(() => {});
    const { task } = await deploySurvey(runner, deployment);
    await clock.advance(0);
    await expect(deploySurvey(runner, { ...deployment, fresh: true })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining(task.taskId),
    });
  });

  it('resumes a paused run, and starts again if an interview failed', async () => {
    const { runner, deployment, state, clock, finish } = setUp();
    state.answer = async () => {
      throw Object.assign(new Error('quota'), { status: 429, code: 'insufficient_quota' });
    };
    const { task } = await deploySurvey(runner, deployment);
    expect((await finish(task.taskId)).status).toBe('paused');
    state.answer = async ({ messages }) => {
      if (messages[0]?.content.includes('40')) throw Object.assign(new Error('refused'), { status: 400 });
      return '{"q1":"No"}';
    };
    expect(await deploySurvey(runner, deployment)).toMatchObject({
      how: 'joined',
      task: { taskId: task.taskId },
    });
    expect(await finish(task.taskId)).toMatchObject({ status: 'completed', failedCount: 1 });
    await clock.advance(1_000);
    const again = await deploySurvey(runner, deployment);
    expect(again.how).toBe('started');
    expect(again.task.taskId).not.toBe(task.taskId);
  });

  it('interviews people with the same persona separately', async () => {
    const { runner, deployment, asked, finish } = setUp();
    const persona = { age: '30' };
    const respondents = ['a', 'b', 'c'].map((id) => ({ id, persona }));
    const { task } = await deploySurvey(runner, { ...deployment, respondents, seed: 10 });
    await finish(task.taskId);
    expect(asked.map(({ seed, replicate }) => [seed, replicate])).toEqual([
      [10, 0],
      [11, 1],
      [12, 2],
    ]);
  });

  it('interviews each respondent once per replicate, and records whose interview it is', async () => {
    const { runner, deployment, asked, finish } = setUp();
    const respondents = [
      { id: 'a', persona: { age: '30' }, weight: 2.5 },
      { id: 'b', persona: { age: '30' } },
      { id: 'c', persona: { age: '40' } },
    ];
    const { task } = await deploySurvey(runner, { ...deployment, respondents, seed: 10, replicates: 2 });
    await finish(task.taskId);
    expect(asked.map(({ seed, replicate }) => [seed, replicate])).toEqual([
      [10, 0],
      [11, 1],
      [10, 0],
      [12, 2],
      [13, 3],
      [11, 1],
    ]);
    const results = await Array.fromAsync(surveyResults(runner.tasks, task.taskId));
    expect(results.map(({ respondent, replicate, weight }) => [respondent.id, replicate, weight])).toEqual([
      ['a', 0, 2.5],
      ['b', 0, 1],
      ['c', 0, 1],
      ['a', 1, 2.5],
      ['b', 1, 1],
      ['c', 1, 1],
    ]);
    expect(results[3]?.interview.respondentId).toBe('a');
  });

  it('rejects duplicate interviews', async () => {
    const { runner, deployment } = setUp();
    const respondents = ['a', 'a#2'].map((id) => ({ id, persona: {} }));
    await expect(deploySurvey(runner, { ...deployment, respondents, replicates: 2 })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('"a#2"'),
    });
  });

  it("returns results in the audience's order, with failed answers for failed respondents", async () => {
    const { runner, deployment, state, clock, finish } = setUp();
    const first = Promise.withResolvers<string>();
    state.answer = async ({ messages }) => {
      if (messages[0]?.content.includes('30')) return first.promise;
      throw Object.assign(new Error('no such model'), { status: 404 });
    };
    const { task } = await deploySurvey(runner, deployment);
    await clock.advance(0);
    first.resolve('{"q1":"No"}');
    await finish(task.taskId);
    const results = await Array.fromAsync(surveyResults(runner.tasks, task.taskId));
    expect(results.map(({ respondent }) => respondent)).toEqual(
      deployment.respondents.map((respondent) => ({ ...respondent, weight: 1 })),
    );
    expect(results.map(({ interview }) => interview.answers)).toMatchObject([
      [{ question: 'like', status: 'answered', value: 'No' }],
      [{ question: 'like', status: 'failed', value: null, problem: 'no such model' }],
    ]);
  });
});
