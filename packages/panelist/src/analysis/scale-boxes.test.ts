import { describe, expect, it } from 'vitest';
import type { RatingQuestion } from '../survey/questionnaire.ts';
import { renderBars } from './bars.ts';
import type { QuestionTable } from './tabulate.ts';
import { tabulate } from './tabulate.ts';
import { answersTo, questionnaire, rating } from './testing/build-results.ts';

const zeroToTen: RatingQuestion = {
  ...rating('nps'),
  options: rating('nps', 11).options.map((each, place) => ({ ...each, value: place, text: String(place) })),
};

async function tableOf(question: RatingQuestion, given: readonly (number | null)[]): Promise<QuestionTable> {
  return (await tabulate(questionnaire(question), answersTo(question, given))).questions[0] as QuestionTable;
}

describe('the ends of a scale', () => {
  it('are the shares of its two highest and lowest points', async () => {
    const { boxes } = await tableOf(rating('stars'), [1, 2, 2, 3, 4, 5, 5, 5, null, 3]);
    expect(boxes?.topTwo).toMatchObject({ options: [4, 5], share: 4 / 9 });
    expect(boxes?.bottomTwo).toMatchObject({ options: [1, 2], share: 3 / 9 });
    expect(boxes?.netPromoterScore).toBeNull();
    expect((await tableOf(rating('stars', 4), [1, 2])).boxes).toBeNull();
    expect((await tableOf(rating('stars'), [])).boxes).toBeNull();
  });

  it('give the net promoter score of a scale from 0 to 10, with its interval', async () => {
    // 50 promoters, 30 passives, 20 detractors.
    const given = Array.from({ length: 100 }, (_, index) =>
      index < 50 ? 9 + (index % 2) : index < 80 ? 7 : index % 7,
    );
    const { boxes } = await tableOf(zeroToTen, given);
    expect(boxes?.netPromoterScore?.value).toBeCloseTo(30, 9);
    // R: t.test(c(rep(100, 50), rep(0, 30), rep(-100, 20)))$conf.int
    expect(boxes?.netPromoterScore?.interval?.low).toBeCloseTo(14.4247, 3);
    expect(boxes?.netPromoterScore?.interval?.high).toBeCloseTo(45.5754, 3);
    const text = renderBars(
      await tabulate(questionnaire(zeroToTen), answersTo(zeroToTen, given)),
      questionnaire(zeroToTen),
    );
    expect(text).toContain('top two (9, 10) 50%');
    expect(text).toContain('net promoter score 30');
  });
});
