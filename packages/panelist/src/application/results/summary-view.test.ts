import { expect, it } from 'vitest';
import {
  multiple,
  number,
  options,
  questionnaire,
  single,
  text,
} from '../../survey/testing/build-questionnaire.ts';
import { summariseAnswers } from '../surveys/analyse.ts';
import { summaryView } from './summary-view.ts';
import { type Person, surveyTask } from './testing/survey-task.ts';

const survey = questionnaire([
  single('where', { title: 'Where?', options: options(['h', 'At\u202e home'], ['w', 'At work']) }),
  multiple('drinks'),
  number('age'),
  text('why'),
]);

const people = Array.from(
  { length: 40 },
  (_, index): Person => ({
    id: `p${index}`,
    persona: { town: index < 20 ? 'Bath' : 'York' },
    outcome:
      index === 39
        ? { error: 'no' }
        : {
            where: { status: 'answered', value: index < 18 ? 'h' : 'w' },
            drinks: { status: 'answered', value: ['Tea'] },
            age: { status: 'answered', value: index },
            why: { status: 'answered', value: '<script>alert(1)</script>' },
          },
  }),
);

it('has the figures of each question and of each grouping, without the definitions', async () => {
  const { tasks, record } = await surveyTask(survey, people);
  const { params, summary } = await summariseAnswers({ tasks }, await record(), { by: ['town'] });
  const view = summaryView(params.questionnaire, summary);
  expect(view).toMatchObject({ interviews: 40, respondents: 40, intervalLevel: 0.95 });
  const [where, , age, why] = view.questions;
  expect(where).toMatchObject({ title: 'Where?', answers: 39, statuses: { answered: 39, failed: 1 } });
  expect(where?.rows[0]).toMatchObject({ label: 'At home', count: 18, share: 18 / 39 });
  expect(where?.rows[0]?.interval?.low).toBeGreaterThan(0.2);
  expect(age?.numbers).toMatchObject({ n: 39, mean: 19, min: 0, max: 38 });
  expect(why).toMatchObject({ rows: [], examples: Array(5).fill('<script>alert(1)</script>') });
  const [byTown] = view.crossTables;
  expect(byTown?.by).toBe('town');
  const table = byTown?.tables[0];
  expect(table?.groups.map(({ label, n }) => [label, n])).toEqual([
    ['Bath', 20],
    ['York', 19],
  ]);
  expect(table?.rows?.[0]?.cells.map(({ share }) => share)).toEqual([0.9, 0]);
  expect(table?.adjustedP).toBeLessThan(0.001);
  // A page gets it as JSON.
  expect(JSON.parse(JSON.stringify(view))).toEqual(view);
});
