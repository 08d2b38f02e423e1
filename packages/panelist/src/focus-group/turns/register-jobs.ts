import type { Job, JobRunner } from '@panelist/toolkit';
import { moderationJob } from './moderation-job.ts';
import { type ModelFor, roundJob } from './round-job.ts';
import { MODERATION, OPENING, ROUND, SUMMARY, THEMES } from './stored-turns.ts';
import { summaryJob } from './summary.ts';
import { themesJob } from './themes-job.ts';

/** Puts what every job of a workspace has around one of them. */
export type DecorateJob = <Input, Params, Result>(
  name: string,
  job: Job<Input, Params, Result>,
) => Job<Input, Params, Result>;

/** Registers the jobs that focus groups need, besides `SURVEY_JOB` for their polls. */
export function registerGroupJobs(
  runner: JobRunner,
  modelFor: ModelFor,
  decorate: DecorateJob = (_, job) => job,
): void {
  runner
    .register(OPENING, { run: () => null })
    .register(ROUND, decorate(ROUND.name, roundJob(modelFor, runner.tasks)))
    .register(SUMMARY, decorate(SUMMARY.name, summaryJob(modelFor)))
    .register(MODERATION, decorate(MODERATION.name, moderationJob(modelFor)))
    .register(THEMES, decorate(THEMES.name, themesJob(modelFor)));
}
