import { analysisJobs } from './analysis.ts';
import { answerJobs } from './answers.ts';
import { groupJobs } from './focus-groups.ts';
import { surveyJobs } from './surveys.ts';
import { taskJobs } from './tasks.ts';

/** Everything that threads do, by name. Plain functions: `WorkThreads` knows their types from here. */
export const threadJobs = { ...analysisJobs, ...answerJobs, ...groupJobs, ...surveyJobs, ...taskJobs };

export type ThreadJobs = typeof threadJobs;
