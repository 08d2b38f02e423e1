import type { TaskRecord, TaskRunner } from '@panelist/toolkit';
import { callSettings } from './call-settings.ts';
import { ownWords } from './context.ts';
import type { Turn } from './group-history.ts';
import { ROUND_JOB, type RoundItem, type RoundParams, type TurnPlace } from './group-turn.ts';
import type { HostQuestion } from './guide.ts';
import { holdTurn, type PlannedTurn, type TurnWatch } from './hold-turn.ts';
import type { GroupMemory } from './memory.ts';
import { fromMemory } from './plan-summary.ts';
import { chooseSpeakers } from './speakers.ts';
import { ROUND } from './stored-turns.ts';

/** What the host says next; with `speakers: null` nobody is asked to answer. */
export interface NextRound extends Omit<HostQuestion, 'speakers'> {
  readonly speakers?: HostQuestion['speakers'] | null;
  readonly host: RoundParams['host'];
}

/**
 * Holds one round, after summing up what no longer stands word for word. Once, as `holdTurn` does.
 *
 * @param step `null` for what is said live; it is named by its turn
 */
export async function holdRound(
  runner: TaskRunner,
  focusGroupId: string,
  step: string | null,
  next: NextRound,
  watch: TurnWatch = {},
): Promise<Turn> {
  return holdTurn(
    runner,
    focusGroupId,
    step,
    fromMemory(runner.tasks, focusGroupId, (memory, turn) => planRound(memory, step ?? `said-${turn}`, next)),
    { ...watch, joins: (task) => isSame(task, next) },
  );
}

/** Somebody else may hold the very same live message just now: it is theirs and ours. */
function isSame(task: TaskRecord, { message, host, speakers }: NextRound): boolean {
  if (task.job !== ROUND_JOB || host !== 'live') return false;
  const params = ROUND.params(task);
  if (params.host !== 'live' || params.hostMessage !== message) return false;
  if (speakers === null || speakers === undefined || speakers === 'all')
    return params.participantIds.length === params.names.length;
  return 'ids' in speakers && sameIds(speakers.ids, params.participantIds);
}

function sameIds(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id) => others.includes(id));
}

function planRound(
  { group, transcript, context }: GroupMemory,
  step: string,
  { message, stimulus, speakers, mode = 'simultaneous', replyWords, host }: NextRound,
): PlannedTurn {
  const speaking = speakers === null ? [] : chooseSpeakers(speakers ?? 'all', mode, transcript, step);
  const params: Omit<RoundParams, keyof TurnPlace> = {
    ...callSettings(group),
    round: transcript.rounds.length + 1,
    participantIds: speaking.map(({ id }) => id),
    hostMessage: message,
    host,
    stimulus: stimulus ?? null,
    mode,
    replyWords: replyWords ?? group.replyWords,
    title: group.title,
    language: group.language,
    names: group.participants.map(({ name }) => name),
    context,
  };
  const items = speaking.map((participant) => ({
    key: participant.id,
    input: { participant, own: ownWords(transcript, participant) } satisfies RoundItem,
  }));
  return { step, job: ROUND_JOB, params, items };
}
