import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SurveyResult } from '../survey/survey-results.ts';
import { displayWidth } from '../text/display-width.ts';
import { renderSummary } from './summary-text.ts';
import { summariseSurvey } from './survey-summary.ts';
import { number, questionnaire, rating, result, single, text } from './testing/build-results.ts';

const survey = questionnaire(single('drink', 'Tea', 'Coffee'), rating('stars'), number('cups'), text('why'));

function people(replicates = 1): SurveyResult[] {
  return Array.from({ length: 60 * replicates }, (_, place) => {
    const person = place % 60;
    const drink = (person + Math.floor(place / 60)) % 3 === 0 ? 'Coffee' : 'Tea';
    const shown = person % 2 === 0 ? ['Tea', 'Coffee'] : ['Coffee', 'Tea'];
    return result({
      id: `r${person}`,
      replicate: Math.floor(place / 60),
      weight: 1 + (person % 2),
      persona: { region: person % 4 === 0 ? 'North' : 'South' },
      answers: {
        drink: { value: drink, shown },
        stars: 1 + (person % 5),
        cups: person % 4,
        why: 'It is warm',
      },
    });
  });
}

describe('a summary', () => {
  it.each(['en', 'zh-cn'])('wraps its text to the width of the terminal, in %s', async (locale) => {
    const summary = await summariseSurvey({ ...survey, locale }, people(2), { by: 'region' });
    const output = renderSummary(summary, { ...survey, locale }, { width: 60 });
    expect(output.split('\n').filter((line) => displayWidth(line) > 60)).toEqual([]);
    const unknown = await summariseSurvey({ ...survey, locale }, [
      result({ id: 'r', answers: { drink: 'Tea' } }),
    ]);
    const said = renderSummary(unknown, { ...survey, locale }, { width: 40 });
    expect(said.split('\n').filter((line) => displayWidth(line) > 40)).toEqual([]);
  });

  it('has all parts, and states that it is synthetic and what intervals cover', async () => {
    const summary = await summariseSurvey(survey, people(2), { by: 'region' });
    expect(summary).toMatchObject({
      synthetic: true,
      interviews: 120,
      respondents: 60,
      effectiveN: 54,
      isWeighted: true,
      replicates: 2,
      intervals: { label: 'model sampling error only', level: 0.95 },
      crossTables: [{ by: 'region' }],
    });
    expect(summary.questions).toHaveLength(4);
    expect(summary.orderEffects.pooled?.first).toMatchObject({ n: 120, isReported: false });
    expect(summary.consistency?.questions.map(({ question }) => question)).toEqual([
      'drink',
      'stars',
      'cups',
    ]);
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });

  it('leaves out what was not requested or is unknown', async () => {
    const summary = await summariseSurvey(survey, [result({ id: 'r', answers: { drink: 'Tea' } })]);
    expect(summary).toMatchObject({ crossTables: [], consistency: null, isWeighted: false });
    expect(summary.orderEffects.pooled).toBeNull();
    expect((await summariseSurvey(survey, [])).respondents).toBe(0);
  });

  it('is rendered with all its parts', async () => {
    const output = renderSummary(await summariseSurvey(survey, people(2), { by: 'region' }), survey, {
      width: 100,
    });
    for (const part of [
      '60 synthetic respondents; 120 interviews, up to 2 each; weighted, effective n 54',
      'n = 60 · effective n 54 · 120 answers',
      'By region',
      'North (A) ',
      "Cramér's V",
      'The first: no effect found (',
      "Consistency of one respondent's answers",
      'All intervals, 95 %: model sampling error only.',
    ])
      expect(output).toContain(part);
    const plain = renderSummary(await summariseSurvey(survey, []), survey);
    expect(plain).toContain('all saw the same order. Run the survey with --randomize-options');
    expect(plain).not.toContain('By ');
  });

  it('gives the bias towards the first option in points', async () => {
    const biased = Array.from({ length: 400 }, (_, person) => {
      const shown = person % 2 === 0 ? ['Tea', 'Coffee'] : ['Coffee', 'Tea'];
      return result({
        id: `${person}`,
        answers: { drink: { value: person % 5 === 0 ? (shown[1] as string) : (shown[0] as string), shown } },
      });
    });
    const output = renderSummary(await summariseSurvey(survey, biased), survey, { width: 200 });
    expect(output).toContain(
      'The first: chosen too often, +30.0 points [+22.8, +37.2] (99.5 % interval), adjusted p < 0.001, 400 answers',
    );
    expect(output).toContain('as if 60% of the answers depended on the position alone');
    expect(output).toMatch(/drink\s+first\s+80%\s+50%\s+\+30\.0/);
  });

  it('removes terminal control characters from all texts', async () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\u001b[2J', '\u202eabc', 'a\r\nb', '👩‍👩‍👧'),
    );
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (one, two, three) => {
        const question = { ...single('q', ['v', one], ['w', two]), title: three };
        const results = ['v', 'w', 'v'].map((q, place) =>
          result({ id: `${place}`, persona: { [three || 'x']: one || 'y' }, answers: { q } }),
        );
        const summary = await summariseSurvey(questionnaire(question), results, {
          by: `persona.${three || 'x'}`,
        });
        const output = renderSummary(summary, questionnaire(question), { width: 50 });
        expect(output).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
      }),
      { numRuns: 60 },
    );
  });
});
