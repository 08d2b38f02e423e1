import { expect, it } from 'vitest';
import {
  multiple,
  options,
  questionnaire,
  rating,
  single,
  text,
} from '../../survey/testing/build-questionnaire.ts';
import { compareRuns } from './compare-runs.ts';
import { comparisonView } from './comparison-view.ts';
import { type Person, surveyTask } from './testing/survey-task.ts';

const survey = questionnaire([
  single('where', { options: options(['h', 'At home'], ['w', 'At work']) }),
  rating('like'),
  multiple('drinks'),
  text('why'),
  single('gone'),
]);
const later = questionnaire([
  single('where', { options: options(['h', 'At home'], ['w', 'At work'], ['p', 'In the park']) }),
  rating('like'),
  multiple('drinks'),
  text('why'),
  text('gone'),
]);

function crowd(count: number, place: (index: number) => string, like: (index: number) => number): Person[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `p${index}`,
    outcome: {
      where: { status: 'answered', value: place(index) },
      like: { status: 'answered', value: like(index) },
      drinks: { status: 'answered', value: index % 2 === 0 ? ['Tea'] : ['Tea', 'Water'] },
    },
  }));
}

it('compares the questions that two runs have in common', async () => {
  const first = await surveyTask(
    survey,
    crowd(
      100,
      (index) => (index < 80 ? 'h' : 'w'),
      (index) => 3 + (index % 3),
    ),
  );
  const people = [
    ...crowd(
      100,
      (index) => (index < 30 ? 'h' : 'w'),
      (index) => 1 + (index % 3),
    ),
    { id: 'x', outcome: { where: { status: 'answered', value: 'p' } } } as const,
  ];
  const second = await surveyTask(later, people, first.tasks);
  const { params, comparison } = await compareRuns(first, await first.record(), await second.record());
  const view = comparisonView(params.questionnaire, comparison, null);
  expect(view.respondents).toEqual({ first: 100, second: 101 });
  expect(view.notCompared).toEqual([
    { question: 'why', reason: 'free text' },
    { question: 'gone', reason: 'no column' },
  ]);
  const [where, like, drinks] = view.questions;
  expect(where).toMatchObject({ name: 'where', unmatched: [{ value: 'p', count: 1 }] });
  expect(where?.options?.[0]).toMatchObject({ text: 'At home', first: { share: 0.8, count: 80 } });
  expect(where?.totalVariation?.value).toBeCloseTo(0.5, 2);
  expect(where?.adjustedP).toBeLessThan(0.01);
  expect(like?.meanDifference?.value).toBeCloseTo(2, 6);
  expect(like?.meanDifference?.interval?.low).toBeGreaterThan(1.5);
  expect(drinks).toMatchObject({ effect: 0, totalVariation: null });
  expect(drinks?.options?.map(({ difference }) => difference.value)).toEqual([0, 0, 0]);
  expect(view.tests).toBeGreaterThanOrEqual(6);
});

it('refuses one run twice, and runs without a common question', async () => {
  const first = await surveyTask(survey, []);
  const second = await surveyTask(questionnaire([single('other')]), [], first.tasks);
  const usage = { code: 'USAGE' };
  await expect(compareRuns(first, await first.record(), await first.record())).rejects.toMatchObject(usage);
  await expect(compareRuns(first, await first.record(), await second.record())).rejects.toMatchObject({
    ...usage,
    message: expect.stringContaining('no question in common'),
  });
});
