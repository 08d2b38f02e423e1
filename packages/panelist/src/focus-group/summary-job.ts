import type { Job } from '@panelist/toolkit';
import { oneLine } from '../text/one-line.ts';
import { shortened } from '../text/shortened.ts';
import type { HeardRound } from './context.ts';
import { type OneCallParams, oneCallJob } from './one-call-job.ts';
import { writeSummarySystem, writeSummaryUser } from './prompts/summary.ts';
import type { ModelFor } from './round-job.ts';
import type { Spoken } from './speak.ts';
import { SUMMARY } from './stored-turns.ts';
import { unusableReply } from './unusable-reply.ts';

/** Characters that are kept of it. */
const maxSummary = 2_500;

/** The rounds that no longer stand word for word are to be summed up. */
export interface SummaryParams extends OneCallParams {
  /** What was summed up before. */
  readonly summary: string | null;
  readonly added: readonly HeardRound[];
  /** How many rounds the summary is of, the first ones. */
  readonly rounds: number;
}

/** The group's memory: one summary for all, carried on from round to round. */
export function summaryJob(modelFor: ModelFor): Job<string, SummaryParams, Spoken<string>> {
  return oneCallJob(SUMMARY, modelFor, {
    system: writeSummarySystem,
    user: ({ summary, added }) => writeSummaryUser({ summary, heard: added }),
    read: ({ text }) => {
      const summary = shortened(oneLine(text), maxSummary);
      if (summary !== '') return summary;
      throw unusableReply('it is empty');
    },
  });
}
