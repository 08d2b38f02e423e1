import { TaskManager, TaskRunner } from '@panelist/toolkit';
import { describe, expect, it } from 'vitest';
import { StubModel } from '../models/stub-model.ts';
import { deploySurvey, type SurveyDeployment } from './deploy-survey.ts';
import { dryRun } from './dry-run.ts';
import { importSurveyJs } from './import/import-surveyjs.ts';
import { surveyJob } from './survey-job.ts';
import { SURVEY_JOB } from './survey-task.ts';

const like = {
  type: 'radiogroup',
  name: 'like',
  title: 'Do you like it?',
  isRequired: true,
  choices: ['Yes', 'No'],
};
const why = { type: 'comment', name: 'why', title: 'Why?', isRequired: true };

function deployment(more: Partial<SurveyDeployment> = {}): SurveyDeployment {
  return {
    survey: 'market',
    questionnaire: importSurveyJs({
      pages: [{ elements: [like] }, { visibleIf: "{like} = 'Yes'", elements: [why] }],
    }),
    audience: 'people',
    respondents: [
      { id: 'a', persona: { age: '30' } },
      { id: 'b', persona: { age: '60' } },
    ],
    model: 'test/model',
    ...more,
  };
}

describe('dryRun', () => {
  it('finds the shortest and the longest path for all interviews', async () => {
    const { interviews, sampled, callsPerInterview, calls, inputTokens, outputTokens } = await dryRun(
      deployment({ replicates: 3 }),
    );
    expect({ interviews, sampled }).toEqual({ interviews: 6, sampled: 20 });
    expect(callsPerInterview).toMatchObject({ min: 1, max: 2 });
    expect(calls).toMatchObject({ min: 6, max: 12 });
    for (const { min, expected, max } of [calls, inputTokens, outputTokens]) {
      expect(min).toBeLessThan(expected);
      expect(expected).toBeLessThan(max);
    }
  });

  it('gives one number for a single path', async () => {
    const questionnaire = importSurveyJs({ pages: [{ elements: [like] }, { elements: [why] }] });
    const { calls } = await dryRun(deployment({ questionnaire }));
    expect(calls).toEqual({ min: 4, expected: 4, max: 4 });
  });

  it('answers its questions, so that later prompts are realistic', async () => {
    const elements = [
      {
        type: 'slider',
        sliderType: 'range',
        name: 'cup',
        title: 'Cost?',
        max: 600,
        step: 10,
        isRequired: true,
      },
      {
        type: 'checkbox',
        name: 'place',
        title: 'Where?',
        choices: ['Home', 'Work'],
        showNoneItem: true,
        isRequired: true,
      },
      { type: 'text', inputType: 'date', name: 'day', title: 'When?', isRequired: true },
      { type: 'text', inputType: 'time', name: 'time', title: 'What time?', isRequired: true },
      { type: 'text', name: 'code', title: 'Which code?', isRequired: true, maxLength: 12 },
    ];
    const last = { ...why, title: 'Why {cup[0]} to {cup[1]}?' };
    const respondents = Array.from({ length: 5 }, (_, index) => ({
      id: `r${index}`,
      persona: { age: `${index}` },
    }));
    for (const respondent of respondents) {
      const questionnaire = importSurveyJs({ pages: [{ elements }, { elements: [last] }] });
      const { first } = await dryRun(deployment({ questionnaire, respondents: [respondent] }));
      const prompt = first.requests.at(-1)?.messages.at(-1)?.content;
      for (const asked of ['Cost? – From', 'Cost? – To', 'Where?', 'When?', 'What time?', 'Which code?'])
        expect(prompt).toMatch(new RegExp(`^- ${asked.replaceAll('?', '\\?')}: .`, 'm'));
      expect(prompt).toMatch(/Why \d+ to \d+\?/);
    }
  });

  it('returns the first request exactly as the deployment sends it', async () => {
    const asked = deployment({ seed: 7, temperature: 0.3, randomizeOptions: true });
    const { first } = await dryRun(asked);
    const model = new StubModel('test/model', 99);
    const runner = new TaskRunner({ tasks: new TaskManager() }).register(
      SURVEY_JOB,
      surveyJob(async () => model),
    );
    const { task } = await deploySurvey(runner, asked);
    await runner.wait(task.taskId);
    const sent = model.calls.find(({ request }) => request.messages[0]?.content.includes('age: 30'));
    expect(first.respondentId).toBe('a');
    expect(first.requests[0]).toEqual(sent?.request);
  });

  it('is reproducible, and samples a large audience evenly', async () => {
    const respondents = Array.from({ length: 1_000 }, (_, index) => ({
      id: `r${index}`,
      // The second half says much more of itself.
      persona: { story: 'long '.repeat(index < 500 ? 1 : 80) },
    }));
    const large = deployment({ respondents });
    const result = await dryRun(large);
    expect(await dryRun(large)).toEqual(result);
    expect(result.interviews).toBe(1_000);
    expect(result.inputTokens.max).toBeGreaterThan(2 * result.inputTokens.min);
  });

  it("leaves out repeat requests caused by the simulator's own mistakes", async () => {
    const questionnaire = importSurveyJs({ elements: [{ ...why, maxLength: 3 }] });
    const { callsPerInterview, first } = await dryRun(deployment({ questionnaire }));
    expect(callsPerInterview).toEqual({ min: 1, expected: 1, max: 1 });
    expect(first.requests).toHaveLength(1);
  });

  it('rejects what the deployment would reject', async () => {
    const twice = [
      { id: 'a', persona: {} },
      { id: 'a', persona: {} },
    ];
    await expect(dryRun(deployment({ respondents: twice }))).rejects.toMatchObject({ code: 'USAGE' });
  });
});
