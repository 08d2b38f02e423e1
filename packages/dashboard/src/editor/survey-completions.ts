import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { jsonPlace } from './json-place.ts';
import type { SurveySchema } from './survey-schema.ts';

/** Proposes keys and values of SurveyJS where they can be written. */
export function surveyCompletions(
  schema: SurveySchema,
): (context: CompletionContext) => CompletionResult | null {
  return ({ state, pos, explicit }) => {
    const place = jsonPlace(state, pos);
    if (place === null || (!explicit && place.from === pos)) return null;
    const { steps, at, from, to } = place;
    const labels =
      at === 'key' ? schema.keys(steps).map((key) => JSON.stringify(key)) : schema.values(steps, at.valueOf);
    const hasColon = /^\s*:/.test(state.sliceDoc(to, to + 10));
    const options = labels.map(
      (label): Completion => ({
        label,
        displayLabel: label.replaceAll('"', ''),
        apply: at === 'key' && !hasColon ? `${label}: ` : label,
        type: at === 'key' ? 'property' : 'constant',
      }),
    );
    return options.length === 0 ? null : { from, to, options, validFor: /^"?[\w]*"?$/ };
  };
}
