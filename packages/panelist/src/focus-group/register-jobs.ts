import type { Job, TaskOfJob, TaskRunner } from '@panelist/toolkit';
import { MODERATION_JOB, OPENING_JOB, ROUND_JOB, SUMMARY_JOB, THEMES_JOB } from './group-turn.ts';
import { moderationJob } from './moderation-job.ts';
import { openingJob } from './opening-job.ts';
import { type ModelFor, roundJob } from './round-job.ts';
import { summaryJob } from './summary-job.ts';
import { themesJob } from './themes-job.ts';

/** What a runner must know to hold focus groups, besides `SURVEY_JOB` for their polls. */
export function registerGroupJobs(
  runner: TaskRunner,
  modelFor: ModelFor,
  { pauseOn, configure }: Pick<Job, 'pauseOn' | 'configure'> = {},
): void {
  const calling = <Input, Params>(job: Job<Input, Params>): Job<Input, Params> => ({
    ...job,
    ...(pauseOn && { pauseOn }),
    ...(configure && { configure: (settings, task) => configure(settings, task as TaskOfJob) }),
  });
  runner
    .register(OPENING_JOB, openingJob)
    .register(ROUND_JOB, calling(roundJob(modelFor, runner.tasks)))
    .register(SUMMARY_JOB, calling(summaryJob(modelFor)))
    .register(MODERATION_JOB, calling(moderationJob(modelFor)))
    .register(THEMES_JOB, calling(themesJob(modelFor)));
}
