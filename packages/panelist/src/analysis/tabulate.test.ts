import { describe, expect, it } from 'vitest';
import type { Answer, AnswerStatus, AnswerValue, Interview } from '../survey/answer.ts';
import {
  multiple,
  number,
  options,
  questionnaire,
  rating,
  single,
  text,
} from '../survey/testing/build-questionnaire.ts';
import { type QuestionTable, tabulate } from './tabulate.ts';

const survey = questionnaire(
  [single('a', { options: options(['y', 'Yes'], ['n', 'No']) }), multiple('b')],
  [rating('c'), number('d'), text('e')],
);

function answer(question: string, value: AnswerValue | null, status: AnswerStatus = 'answered'): Answer {
  return { question, status, value, raw: null, repairs: [], asked: 1, problem: null };
}

function interviewOf(respondentId: string, ...answers: Answer[]): Interview {
  return { respondentId, answers, requestedModel: 'm', returnedModels: [], inputTokens: 0, outputTokens: 0 };
}

async function table(name: string, ...answers: Answer[]): Promise<QuestionTable> {
  const { questions } = await tabulate(
    survey,
    answers.map((each, index) => interviewOf(`r${index}`, each)),
  );
  return questions.find(({ question }) => question.name === name) as QuestionTable;
}

describe('tabulate', () => {
  it('counts options in their order, and every status', async () => {
    const a = await table(
      'a',
      answer('a', 'n'),
      answer('a', 'n'),
      answer('a', null),
      answer('a', null, 'refused'),
      answer('a', null, 'dont-know'),
      answer('a', null, 'skipped'),
      answer('a', null, 'invalid'),
      answer('a', null, 'failed'),
    );
    expect(a.options?.map(({ option, count }) => [option.text, count])).toEqual([
      ['Yes', 0],
      ['No', 2],
    ]);
    expect(a.n).toBe(2);
    expect(a.statuses).toEqual({
      answered: 3,
      refused: 1,
      'dont-know': 1,
      skipped: 1,
      invalid: 1,
      failed: 1,
    });
    expect(a).toMatchObject({ numbers: null, examples: [], unlisted: 0 });
  });

  it('counts each chosen option, and the respondent once', async () => {
    const b = await table('b', answer('b', ['Tea', 'Water']), answer('b', ['Tea']), answer('b', ['Cocoa']));
    expect(b.options?.map(({ count }) => count)).toEqual([2, 0, 1]);
    expect(b).toMatchObject({ n: 3, unlisted: 1, examples: [] });
  });

  it('gives ratings and numbers their mean and spread', async () => {
    const c = await table(
      'c',
      answer('c', 2),
      answer('c', 4),
      answer('c', null),
      answer('c', 5),
      answer('c', 5),
    );
    expect(c.options?.map(({ count }) => count)).toEqual([0, 1, 0, 1, 2]);
    expect(c.numbers).toMatchObject({ mean: 4, min: 2, max: 5 });
    expect(c.numbers?.sd).toBeCloseTo(Math.SQRT2, 12);
    const d = await table('d', answer('d', 1e9), answer('d', 1e9 + 1), answer('d', 1e9 + 1));
    expect(d.numbers?.sd).toBeCloseTo(Math.sqrt(1 / 3), 6);
    expect(d.numbers?.values).toEqual([
      [1e9, 1],
      [1e9 + 1, 2],
    ]);
    expect((await table('d', answer('d', 3))).numbers).toMatchObject({ mean: 3, sd: null });
    expect((await table('d', answer('d', null))).numbers).toBeNull();
  });

  it('keeps a few texts, the same ones in whatever order they come', async () => {
    const interviews = Array.from({ length: 200 }, (_, index) =>
      interviewOf(`r${index}`, answer('e', index === 7 ? 'x'.repeat(9_000) : `text ${index}`)),
    );
    const forwards = await tabulate(survey, interviews);
    const backwards = await tabulate(survey, interviews.toReversed());
    const examples = forwards.questions.at(-1)?.examples ?? [];
    expect(examples).toHaveLength(5);
    expect(backwards).toEqual(forwards);
    expect(examples).not.toEqual(['text 0', 'text 1', 'text 2', 'text 3', 'text 4']);
    const long = await table('e', answer('e', 'x'.repeat(9_000)));
    expect(long.examples[0]?.length).toBeLessThan(400);
  });

  it('takes a stream, holds on to none of it, and stops counting values one by one when they are too many', async () => {
    let alive = 0;
    async function* stream(): AsyncGenerator<Interview> {
      for (let index = 0; index < 5_000; index++) {
        alive += 1;
        yield interviewOf(`r${index}`, answer('d', index));
      }
    }
    const { interviews, questions } = await tabulate(survey, stream());
    expect([interviews, alive]).toEqual([5_000, 5_000]);
    expect(questions[3]?.numbers).toMatchObject({ mean: 2_499.5, min: 0, max: 4_999, values: null });
  });
});
