import { describe, expect, it } from 'vitest';
import { seededUniform } from '../random/seeded-uniform.ts';
import type { OptionValue, Question } from '../survey/questionnaire.ts';
import type { SurveyResult } from '../survey/survey-results.ts';
import { readAnswerTable } from './answer-table.ts';
import { ORDER_EFFECT_ALPHA, type OrderEffectReport, type OrderTest, orderEffects } from './order-effect.ts';
import {
  type Given,
  multiple,
  questionnaire,
  ranking,
  rating,
  result,
  scale,
  single,
} from './testing/build-results.ts';

/** Ten questions of several kinds, some with options that never move. */
const survey = [
  ...[2, 3, 4, 5, 6, 7].map((size) => single(`s${size}`, ...letters(size))),
  single('withOther', ...letters(4), ['other', 'Other', 'other'], ['dk', "Don't know", 'dont-know']),
  scale('agree', 'no', 'rather no', 'rather yes', 'yes'),
  multiple('several', ...letters(5)),
  ranking('order', ...letters(4)),
];

interface Responder {
  /** The probability of choosing the first displayed option without reading it. */
  readonly firstBias?: number;
  readonly lastBias?: number;
  /** Names of the biased questions. @default all */
  readonly biased?: ReadonlySet<string>;
  readonly isShuffled?: boolean;
  /** All questions use one order, like the rows of a grid. */
  readonly sharesOrder?: boolean;
  readonly replicates?: number;
}

async function report(
  questions: readonly Question[],
  respondents: number,
  seed: number,
  responder: Responder = {},
): Promise<OrderEffectReport> {
  function* results(): Generator<SurveyResult> {
    const uniform = seededUniform(seed);
    for (let person = 0; person < respondents; person++) {
      // People differ: one person's answers are correlated.
      const taste = uniform();
      for (let replicate = 0; replicate < (responder.replicates ?? 1); replicate++) {
        const orderSeed = Math.floor(uniform() * 2 ** 32);
        const answers: Record<string, Given> = {};
        for (const question of questions) {
          if (!('options' in question)) continue;
          const order = responder.sharesOrder ? seededUniform(orderSeed) : uniform;
          const plain = question.options.filter(({ role }) => role === 'plain').map(({ value }) => value);
          const displayed =
            responder.isShuffled === false ? plain : shuffled(plain, question.isOrdinal, order);
          const rest = question.options.filter(({ role }) => role !== 'plain').map(({ value }) => value);
          answers[question.name] = {
            ...answerOf(question, plain, displayed, taste, uniform, responder),
            shown: [...displayed, ...rest],
          };
        }
        yield result({ id: String(person), replicate, answers });
      }
    }
  }
  return orderEffects(await readAnswerTable(questionnaire(...questions), results()));
}

function answerOf(
  { name, kind, options }: Extract<Question, { options: unknown }>,
  plain: readonly OptionValue[],
  displayed: readonly OptionValue[],
  taste: number,
  uniform: () => number,
  { firstBias = 0, lastBias = 0, biased }: Responder,
): { value: OptionValue | OptionValue[] } {
  const draw = biased?.has(name) === false ? 1 : uniform();
  // Skewed: most choose the option that is first in the file.
  const liked = plain[Math.floor(plain.length * (0.5 * taste + 0.5 * uniform()) ** 2)] as OptionValue;
  const top =
    draw < firstBias
      ? displayed[0]
      : draw < firstBias + lastBias
        ? displayed.at(-1)
        : options.length > plain.length && taste < 0.1
          ? 'other'
          : liked;
  if (kind === 'ranking') return { value: [top as OptionValue, ...plain.filter((value) => value !== top)] };
  if (kind !== 'multiple-choice') return { value: top as OptionValue };
  return { value: plain.filter((value) => value === top || uniform() < 0.2) };
}

function shuffled(values: readonly OptionValue[], isOrdinal: boolean, uniform: () => number): OptionValue[] {
  if (isOrdinal) return uniform() < 0.5 ? values.toReversed() : [...values];
  return values
    .map((value) => [uniform(), value] as const)
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);
}

function letters(size: number): string[] {
  return [...'abcdefg'].slice(0, size);
}

function testsOf({ pooled, questions, pooledScales, scales }: OrderEffectReport): OrderTest[] {
  const ofLists = [pooled, ...questions].flatMap((each) => (each ? [each.first, each.last] : []));
  return [...ofLists, ...(pooledScales ? [pooledScales] : []), ...scales];
}

function isAnythingReported(found: OrderEffectReport): boolean {
  return testsOf(found).some(({ isReported }) => isReported);
}

/** Answers to a scale of seven points by people of different taste, drawn towards the end that is displayed first. */
async function sevenPoints(respondents: number, seed: number, pull: number): Promise<OrderEffectReport> {
  const uniform = seededUniform(seed);
  const question = rating('q', 7);
  const values = question.options.map(({ value }) => value);
  function* results(): Generator<SurveyResult> {
    for (let person = 0; person < respondents; person++) {
      const isBackwards = uniform() < 0.5;
      // Roughly normal, with a standard deviation of 1.25.
      const taste = 4 + 1.25 * (uniform() + uniform() + uniform() - 1.5) * 2;
      const value = Math.min(7, Math.max(1, Math.round(taste + (isBackwards ? pull / 2 : -pull / 2))));
      const shown = isBackwards ? values.toReversed() : values;
      yield result({ id: String(person), answers: { q: { value, shown } } });
    }
  }
  return orderEffects(await readAnswerTable(questionnaire(question), results()));
}

describe('order effects', () => {
  it('are reported in at most 5 of 100 unbiased surveys with 1,000 respondents and 10 questions', async () => {
    let reported = 0;
    const pooled: number[] = [];
    for (let seed = 1; seed <= 100; seed++) {
      const found = await report(survey, 1_000, seed);
      if (isAnythingReported(found)) reported += 1;
      pooled.push(found.pooled?.first.p ?? 0);
    }
    expect(reported).toBeLessThanOrEqual(5);
    // p must be uniform: bunched near 1 the test would find nothing, near 0 too much.
    for (const level of [0.2, 0.5, 0.8]) {
      const share = pooled.filter((p) => p < level).length / 100;
      expect(Math.abs(share - level)).toBeLessThan(4 * Math.sqrt((level * (1 - level)) / 100));
    }
  });

  it.each([
    ['ten questions', survey],
    ['one question', [single('only', ...letters(5))]],
    ['one question with several answers', [multiple('only', ...letters(5))]],
    ['one ranking', [ranking('only', ...letters(5))]],
  ])('of 15 points on the first option are found among 1,000 respondents: %s', async (_, questions) => {
    for (let seed = 1; seed <= 10; seed++) {
      const { pooled } = await report(questions, 1_000, seed, { firstBias: 0.15 });
      expect(pooled?.first.isReported).toBe(true);
      expect(pooled?.first.bias).toBeGreaterThan(0);
    }
  });

  it.each([
    ['one scale of texts', scale('only', 'no', 'rather no', 'rather yes', 'yes')],
    ['one rating', rating('only')],
    ['one scale whose codes fall', scale('only', [3, 'yes'], [2, 'so-so'], [1, 'no'])],
  ])('of 15 points on the end that is displayed first are found: %s', async (_, question) => {
    for (let seed = 1; seed <= 10; seed++) {
      const { pooled, pooledScales, scales, questions } = await report([question], 1_000, seed, {
        firstBias: 0.15,
      });
      expect([pooled, questions]).toEqual([null, []]);
      expect(pooledScales?.isReported).toBe(true);
      expect(pooledScales?.difference).toBeGreaterThan(0);
      expect(scales[0]).toMatchObject({ question: 'only', isReported: true });
    }
  });

  it('of half a point on a scale of seven points are found, and not without it', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { scales, pooledScales } = await sevenPoints(1_000, seed, 0.5);
      expect([scales[0]?.isReported, pooledScales?.isReported]).toEqual([true, true]);
      expect(scales[0]?.difference).toBeCloseTo(
        (scales[0]?.backwards.mean ?? 0) - (scales[0]?.forwards.mean ?? 0),
        12,
      );
      expect(Math.abs((scales[0]?.difference ?? 0) - 0.5)).toBeLessThan(0.45);
      expect(isAnythingReported(await sevenPoints(1_000, seed, 0))).toBe(false);
    }
  });

  it('have an interval that excludes 0 exactly if they are reported', async () => {
    let reported = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const found = await report(survey, 300, seed, { firstBias: 0.06 });
      for (const { interval, isReported, p } of testsOf(found)) {
        if (interval === null) expect([p, isReported]).toEqual([null, false]);
        else expect(interval.low > 0 || interval.high < 0).toBe(isReported);
        if (isReported) reported += 1;
      }
    }
    expect(reported).toBeGreaterThan(50);
  });

  it('of the detectable size are found in about 80 of 100 surveys', async () => {
    const unbiased = await sevenPoints(400, 1, 0);
    const pull = unbiased.scales[0]?.detectable ?? 0;
    expect(pull).toBeLessThan(0.6);
    let found = 0;
    for (let seed = 1; seed <= 200; seed++) {
      if ((await sevenPoints(400, seed, pull)).scales[0]?.isReported) found += 1;
    }
    // Four standard errors.
    expect(Math.abs(found / 200 - 0.8)).toBeLessThan(0.115);
  });

  it('estimate the share of answers that depend on position alone, within their interval', async () => {
    let covered = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const { pooled, questions } = await report([single('only', ...letters(4))], 1_000, seed, {
        firstBias: 0.15,
      });
      // An unbiased choice would be the first in a quarter of the cases: 0.15 (1 − 1/4).
      const { interval, bias, byPosition } = pooled?.first ?? {};
      if (interval && interval.low <= 0.1125 && 0.1125 <= interval.high) covered += 1;
      expect(byPosition).toBeCloseTo((bias ?? 0) / 0.75, 1);
      expect(Math.abs((byPosition ?? 0) - 0.15)).toBeLessThan(0.08);
      expect(questions[0]?.first).toMatchObject({ bias, isReported: true });
    }
    expect(covered).toBeGreaterThanOrEqual(34);
  });

  it('of the last option are distinguished from those of the first', async () => {
    const { pooled } = await report([single('a', ...letters(6))], 1_000, 4, { lastBias: 0.15 });
    expect(pooled?.last).toMatchObject({ isReported: true });
    expect(pooled?.last.bias).toBeGreaterThan(0.08);
    expect(pooled?.first.bias).toBeLessThan(0);
  });

  it('are found only for the question that has them', async () => {
    const biased = new Set(['s5']);
    const { questions } = await report(survey, 1_000, 9, { firstBias: 0.15, biased });
    expect(questions).toHaveLength(9);
    const reported = questions.filter(({ first }) => first.isReported);
    expect(reported.map(({ question }) => question)).toEqual(['s5']);
    const { observed, expected, bias } = reported[0]?.first ?? { observed: 0, expected: 0, bias: 1 };
    expect(observed - expected).toBeCloseTo(bias, 12);
    expect(expected).toBeCloseTo(0.2, 1);
  });

  it.each([
    ['rows of a grid share an order', { sharesOrder: true }],
    ['respondents are interviewed three times', { replicates: 3 }],
  ])('are not reported falsely if %s', async (_, responder) => {
    const rows = Array.from({ length: 8 }, (_, row) => single(`row${row}`, ...letters(5)));
    let low = 0;
    let reported = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const found = await report(rows, 150, seed, responder);
      if (isAnythingReported(found)) reported += 1;
      if ((found.pooled?.first.p ?? 1) < 0.1) low += 1;
    }
    expect(reported).toBeLessThanOrEqual(3);
    expect(low).toBeLessThanOrEqual(14);
  });

  it('are unknown if all saw the same order, or if no option can move', async () => {
    const same = await report(survey, 50, 1, { isShuffled: false });
    expect(same).toMatchObject({
      alpha: ORDER_EFFECT_ALPHA,
      pooled: null,
      questions: [],
      pooledScales: null,
      scales: [],
    });
    const alone = [single('a', 'x', ['none', 'None', 'none'])];
    expect((await report(alone, 50, 1)).pooled).toBeNull();
  });

  it('are not tested with too few answers', async () => {
    const { pooled, questions } = await report([single('a', ...letters(4))], 12, 1, { firstBias: 1 });
    expect(pooled?.first).toMatchObject({ p: null, adjustedP: null, isReported: false });
    expect(questions[0]?.first.observed).toBe(1);
  });

  it('do not include the effect of options that only some respondents see', async () => {
    // Respondents who also see `c` choose it, so only the order within each set of options counts.
    const uniform = seededUniform(3);
    function* results(): Generator<SurveyResult> {
      for (let person = 0; person < 1_000; person++) {
        const all = person % 2 === 0;
        const displayed = shuffled(all ? ['a', 'b', 'c'] : ['a', 'b'], false, uniform);
        yield result({ id: String(person), answers: { q: { value: all ? 'c' : 'a', shown: displayed } } });
      }
    }
    const table = await readAnswerTable(questionnaire(single('q', 'a', 'b', 'c')), results());
    expect(isAnythingReported(orderEffects(table))).toBe(false);
    expect(orderEffects(table).pooled?.first.n).toBe(1_000);
  });
});
