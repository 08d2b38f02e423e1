import type { English } from '../en/index.ts';
import { focusGroup } from './focus-group.ts';
import { interview } from './interview.ts';
import { results } from './results.ts';

/** Chinese, simplified. */
export const zh: English = { interview, results, focusGroup };
