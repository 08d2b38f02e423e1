import { describe, expect, it } from 'vitest';
import type { Question } from '../survey/questionnaire.ts';
import { readAnswerTable } from './answer-table.ts';
import { type ConsistencyReport, consistency } from './consistency.ts';
import {
  type Given,
  multiple,
  number,
  questionnaire,
  ranking,
  result,
  single,
  text,
} from './testing/build-results.ts';

/** One list of answers per respondent, one answer per replicate. */
async function report(
  question: Question,
  respondents: readonly (readonly Given[])[],
): Promise<ConsistencyReport | null> {
  const results = respondents.flatMap((answers, person) =>
    answers.map((answer, replicate) => ({ person, replicate, answer })),
  );
  // A possible order of results: all first interviews, then all second ones.
  results.sort((a, b) => a.replicate - b.replicate);
  const built = results.map(({ person, replicate, answer }) =>
    result({
      id: `r${person}`,
      replicate,
      weight: person === 0 ? 3 : 1,
      answers: { [question.name]: answer },
    }),
  );
  return consistency(await readAnswerTable(questionnaire(question), built));
}

describe('consistency', () => {
  it('is null without replicates', async () => {
    expect(await report(single('a', 'x'), [['x'], ['x']])).toBeNull();
  });

  it('gives the weighted agreement and α of choices', async () => {
    const found = await report(single('a', 'x', 'y'), [
      ['x', 'x', 'x'],
      ['y', 'y', 'x'],
      ['y', null, { status: 'failed' }],
    ]);
    expect(found?.replicates).toBe(3);
    const [a] = found?.questions ?? [];
    expect(a).toMatchObject({ n: 2, icc: null, withinSd: null });
    // Weight 3 with agreement 1, and weight 1 with agreement 1/3.
    expect(a?.exactAgreement).toBeCloseTo((3 + 1 / 3) / 4, 12);
    // By hand: observed 2 of 6 pairs' worth differ, 16 of 30 by chance.
    expect(a?.alpha).toBeCloseTo(1 - 5 * (2 / 16), 12);
  });

  it("gives ICC(1) of numbers: Shrout & Fleiss' example", async () => {
    const found = await report(number('d'), [
      [9, 2, 5, 8],
      [6, 1, 3, 2],
      [8, 4, 6, 8],
      [7, 1, 2, 6],
      [10, 5, 6, 9],
      [6, 2, 4, 7],
    ]);
    const [d] = found?.questions ?? [];
    expect(d?.icc).toBeCloseTo(0.17, 2);
    expect(d).toMatchObject({ n: 6, alpha: null });
    expect(d?.withinSd).toBeCloseTo(2.5, 1);
  });

  it('compares several options as a set and a ranking as an order, and leaves texts out', async () => {
    const sets = await report(multiple('b', 'x', 'y'), [
      [
        ['x', 'y'],
        ['y', 'x'],
      ],
      [['x'], ['y']],
    ]);
    expect(sets?.questions[0]?.exactAgreement).toBe(0.75);
    const orders = await report(ranking('c', 'x', 'y'), [
      [
        ['x', 'y'],
        ['y', 'x'],
      ],
      [
        ['x', 'y'],
        ['x', 'y'],
      ],
    ]);
    expect(orders?.questions[0]?.exactAgreement).toBe(0.25);
    expect((await report(text('e'), [['so', 'so']]))?.questions).toEqual([]);
  });
});
