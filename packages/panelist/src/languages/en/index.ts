import { focusGroup } from './focus-group.ts';
import { interview } from './interview.ts';
import { results } from './results.ts';

/** What every language has: a text that is missing in one of them does not compile. */
export interface English {
  readonly interview: typeof interview;
  readonly results: typeof results;
  readonly focusGroup: typeof focusGroup;
}

export const en: English = { interview, results, focusGroup };
