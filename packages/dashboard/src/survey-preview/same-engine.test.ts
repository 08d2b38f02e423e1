import * as fc from 'fast-check';
import { Model, settings } from 'survey-core';
import 'survey-core/survey.i18n';
import { afterEach, expect, it, vi } from 'vitest';
import { evenly, generatedSurvey } from '../../../panelist/src/survey/testing/generated-survey.ts';
import { walkBeside } from '../../../panelist/src/survey/testing/walk-beside.ts';

/** As for the test that Panelist has of its own version. */
const runs = Number(process.env.DIFFERENTIAL_RUNS ?? 60);
const seed = process.env.DIFFERENTIAL_RUNS === undefined ? { seed: 12 } : {};

afterEach(() => vi.restoreAllMocks());

// The renderer ends at 3.0.0 and wants that survey-core exactly; Panelist imports surveys with a later one, whose linter
// 3.0.0 lacks. What the preview shows must be what is asked all the same.
it('evaluates surveys in the version of the preview as in that of the engine', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  expect(settings.version).toBe('3.0.0');
  await fc.assert(
    fc.asyncProperty(generatedSurvey, fc.nat(), async (survey, answers) => {
      const { differences } = await walkBeside(
        survey,
        evenly(answers),
        'page',
        (json) => new Model(json) as never,
      );
      expect(differences).toEqual([]);
    }),
    { numRuns: runs, endOnFailure: true, ...seed },
  );
});
