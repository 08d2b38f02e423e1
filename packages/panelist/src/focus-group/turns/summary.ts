import type { Job } from '@panelist/toolkit';
import { oneLine } from '../../text/one-line.ts';
import { shortened } from '../../text/shortened.ts';
import type { HeardRound } from '../context.ts';
import { firstVerbatim, heardRound } from '../context.ts';
import { callSettings, SUMMARY_JOB, type TurnPosition } from '../group.ts';
import { existingGroup } from '../history.ts';
import { type GroupMemory, readMemory } from '../memory.ts';
import { writeSummarySystem, writeSummaryUser } from '../prompts/summary.ts';
import { type OneCallParams, oneCallJob } from './one-call-job.ts';
import type { ModelFor } from './round-job.ts';
import type { PlannedTurn, TurnPlan, TurnRunner } from './run-turn.ts';
import type { Spoken } from './speak.ts';
import { unusableReply } from './speak.ts';
import { SUMMARY } from './stored-turns.ts';

/** Characters of a summary; the rest is cut off. */
const maxSummary = 2_500;

/** A summary of the rounds that are no longer repeated word for word. */
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

/**
 * Plans a turn from the group's memory. Where rounds are to be summed up that the turn will not hear word for word,
 * that is planned first.
 *
 * @throws PanelistError `GROUP_NOT_FOUND`, `ROW_INVALID` when it plans
 */
export function fromMemory(
  { tasks, focusGroupId }: Pick<TurnRunner, 'tasks' | 'focusGroupId'>,
  plan: (memory: GroupMemory, turn: number) => PlannedTurn,
): TurnPlan {
  return async (history, turn) => {
    const memory = await readMemory(tasks, existingGroup(history, focusGroupId));
    return planSummary(memory) ?? plan(memory, turn);
  };
}

/** `null` where the summary is of all the rounds that the next turn will not hear word for word. */
function planSummary({ group, turns, transcript, summary }: GroupMemory): PlannedTurn | null {
  const { rounds } = transcript;
  const upTo = firstVerbatim(rounds);
  const step = `summary-of-${upTo}`;
  // A failed summary isn't retried for ever: the discussion continues without it.
  if (upTo === 0 || turns.some((turn) => turn.step === step)) return null;
  const params: Omit<SummaryParams, keyof TurnPosition> = {
    ...callSettings(group),
    title: group.title,
    language: group.language,
    summary: summary?.text ?? null,
    added: rounds.slice(summary?.rounds ?? 0, upTo).map(heardRound),
    rounds: upTo,
  };
  return {
    step,
    job: SUMMARY_JOB,
    params,
    items: [{ key: 'summary', input: 'summary' }],
    isPreparation: true,
  };
}
