import { callSettings } from './call-settings.ts';
import { firstVerbatim, heardRound } from './context.ts';
import { existingGroup } from './group-history.ts';
import { SUMMARY_JOB, type TurnPlace } from './group-turn.ts';
import { type GroupMemory, readMemory } from './memory.ts';
import type { PlannedTurn, TurnPlan, TurnRunner } from './run-turn.ts';
import type { SummaryParams } from './summary-job.ts';

/**
 * Plans a turn from the group's memory. Where rounds are to be summed up that the turn will not hear word for word, that
 * is planned first.
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
  // One that failed is not tried for ever: the talk goes on without.
  if (upTo === 0 || turns.some((turn) => turn.step === step)) return null;
  const params: Omit<SummaryParams, keyof TurnPlace> = {
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
