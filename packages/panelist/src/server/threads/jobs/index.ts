import { surveyJobs } from './surveys.ts';

/** Everything that threads do, by name. Plain functions: `WorkThreads` knows their types from here. */
export const threadJobs = { ...surveyJobs };

export type ThreadJobs = typeof threadJobs;
