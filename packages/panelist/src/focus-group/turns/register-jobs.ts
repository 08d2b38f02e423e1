import type { Job, JobRunner } from '@panelist/toolkit';
import { moderationJob } from './moderation-job.ts';
import { type ModelFor, roundJob } from './round-job.ts';
import { MODERATION, OPENING, ROUND, SUMMARY, THEMES } from './stored-turns.ts';
import { summaryJob } from './summary.ts';
import { themesJob } from './themes-job.ts';

/** Registers the jobs that focus groups need, besides `SURVEY_JOB` for their polls. */
export function registerGroupJobs(
  runner: JobRunner,
  modelFor: ModelFor,
  hooks: Pick<Job<unknown, unknown>, 'pauseOn' | 'configure' | 'ended'> = {},
): void {
  const calling = <Input, Params, Result>(job: Job<Input, Params, Result>): Job<Input, Params, Result> => ({
    ...job,
    ...hooks,
  });
  runner
    .register(OPENING, { run: () => null })
    .register(ROUND, calling(roundJob(modelFor, runner.tasks)))
    .register(SUMMARY, calling(summaryJob(modelFor)))
    .register(MODERATION, calling(moderationJob(modelFor)))
    .register(THEMES, calling(themesJob(modelFor)));
}
