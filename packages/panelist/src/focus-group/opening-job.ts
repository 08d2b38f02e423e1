import type { Job } from '@panelist/toolkit';
import type { OpeningParams } from './group-turn.ts';

/** Nobody is asked anything at an opening: its task tells who is in the group. */
export const openingJob: Job<null, OpeningParams, null> = {
  run: () => null,
};
