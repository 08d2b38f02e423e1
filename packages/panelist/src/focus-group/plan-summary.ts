import type { TaskManager } from '@panelist/toolkit';
import { callSettings } from './call-settings.ts';
import { firstVerbatim, heardRound } from './context.ts';
import { type GroupHistory, latestSummary, transcriptOf } from './group-history.ts';
import { SUMMARY_JOB, type TurnPlace } from './group-turn.ts';
import type { PlannedTurn } from './hold-turn.ts';
import type { SummaryParams } from './summary-job.ts';

/** Carries the summary on over the rounds that the next turn will not hear word for word; `null` where it is. */
export async function planSummary(tasks: TaskManager, history: GroupHistory): Promise<PlannedTurn | null> {
  const { group, turns } = history;
  const { rounds } = await transcriptOf(tasks, history);
  const upTo = firstVerbatim(rounds);
  const step = `summary-of-${upTo}`;
  // One that failed is not tried for ever: the talk goes on without.
  if (upTo === 0 || turns.some((turn) => turn.step === step)) return null;
  const latest = await latestSummary(tasks, history);
  const params: Omit<SummaryParams, keyof TurnPlace> = {
    ...callSettings(group),
    title: group.title,
    language: group.language,
    summary: latest?.text ?? null,
    added: rounds.slice(latest?.rounds ?? 0, upTo).map(heardRound),
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
