import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { oneLine } from '../../text/one-line.ts';
import { planOf } from '../interview/make-plan.ts';
import { evenly, generatedSurvey } from '../testing/generated-survey.ts';
import { type Walk, walkBeside } from '../testing/walk-beside.ts';
import { importSurveyJs } from './import-surveyjs.ts';

/** CONTRIBUTING.md says how to compare more. */
const runs = Number(process.env.DIFFERENTIAL_RUNS ?? 60);
const seed = process.env.DIFFERENTIAL_RUNS === undefined ? { seed: 12 } : {};

afterEach(() => vi.restoreAllMocks());

describe('generated surveys', () => {
  it('are asked and recorded like in SurveyJS: questions, options, titles, values, data', async () => {
    // SurveyJS warns of random answers that it would not take.
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    await fc.assert(
      fc.asyncProperty(generatedSurvey, fc.nat(), async (survey, answers) => {
        const { differences } = await walkBeside(survey, evenly(answers));
        expect(differences).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true, ...seed },
    );
  });

  it.each(['page', 'question', 'survey'] as const)(
    'have every full title in the prompt once, and different titles on a page: by %s',
    async (ask) => {
      await fc.assert(
        fc.asyncProperty(generatedSurvey, fc.nat(), async (survey, answers) => {
          const walk = await walkBeside(survey, evenly(answers), ask);
          expect(walk.requests.flatMap((request) => titleProblems(survey, request, ask))).toEqual([]);
        }),
        { numRuns: Math.ceil(runs / 5), endOnFailure: true, ...seed },
      );
    },
  );
});

/** What is wrong with the titles in one request: none for a repetition, which names its questions by their key. */
function titleProblems(
  survey: object,
  { messages, replySchema }: Walk['requests'][number],
  ask: 'page' | 'question' | 'survey',
): string[] {
  if (messages.some(({ role }) => role === 'assistant')) return [];
  const prompt = messages.at(-1)?.content ?? '';
  const page = prompt.slice(prompt.indexOf('\n\n') + 1);
  const lines = page.split('\n');
  const byKey = new Map(planOf(importSurveyJs(survey), ask).questions.map((each) => [each.key, each]));
  const properties = (replySchema?.schema.properties ?? {}) as Record<string, { description: string }>;
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [key, { description }] of Object.entries(properties)) {
    const isAsked = (line: string): boolean =>
      line === `${key}. ${description}` || line === `${key} (optional). ${description}`;
    if (lines.filter(isAsked).length !== 1) problems.push(`${key}: its title is not there once`);
    // The titles of the panels and grids that it is in come before it, the innermost last.
    const before = lines.slice(0, lines.findIndex(isAsked));
    let from = before.length;
    for (const { title } of (byKey.get(key)?.groups ?? []).toReversed()) {
      if (title === '' || title.includes('{')) continue;
      from = before.lastIndexOf(oneLine(title), from - 1);
      if (from < 0) problems.push(`${key}: the title of its group, ${title}, is missing`);
    }
    const heading = (byKey.get(key)?.groups ?? []).map(({ title }) => title).join(' / ');
    const full = `${heading}: ${description}`;
    if (seen.has(full)) problems.push(`${key}: another question reads ${full}`);
    seen.add(full);
  }
  return problems;
}
