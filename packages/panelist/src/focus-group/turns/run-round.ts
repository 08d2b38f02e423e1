import type { TaskRecord } from '@panelist/toolkit';
import { ownWords } from '../context.ts';
import {
  callSettings,
  type FocusGroup,
  ROUND_JOB,
  type RoundItem,
  type RoundParams,
  type TurnPosition,
} from '../group.ts';
import type { HostQuestion } from '../guide/guide.ts';
import type { GroupMemory } from '../memory.ts';
import type { EndedTurn, PlannedTurn, TurnMatch, TurnRunner } from './run-turn.ts';
import { chooseSpeakers } from './speakers.ts';
import { ROUND } from './stored-turns.ts';
import { fromMemory } from './summary.ts';

/** What the host says next; with `speakers: null` nobody is asked to answer. */
export interface NextRound extends Omit<HostQuestion, 'speakers'> {
  readonly speakers?: HostQuestion['speakers'] | null;
  readonly host: RoundParams['host'];
}

/**
 * Runs one round, after summing up the rounds that it doesn't hear word for word.
 *
 * @param step `null` for a live message without a name: it is named by its turn, and the same message of another process
 *   that is under way is joined
 * @throws as `TurnRunner.run`
 */
export async function runRound(turns: TurnRunner, step: string | null, next: NextRound): Promise<EndedTurn> {
  const plan = fromMemory(turns, (memory, turn) => planRound(memory, step ?? `said-${turn}`, next));
  const joins: TurnMatch = (task, history) => history !== undefined && isSame(task, history.group, next);
  return turns.run(step, plan, step === null ? joins : undefined);
}

/** Another process may be sending the very same live message: then both have the one round. */
function isSame(task: TaskRecord, group: FocusGroup, next: NextRound): boolean {
  const { message, host, speakers } = next;
  if (task.job !== ROUND_JOB || host !== 'live') return false;
  const params = ROUND.params(task);
  if (params.host !== 'live' || params.hostMessage !== message) return false;
  const { stimulus, mode, replyWords } = askedOf(group, next);
  if (params.stimulus !== stimulus || params.mode !== mode || params.replyWords !== replyWords) return false;
  if (speakers === null || speakers === undefined || speakers === 'all')
    return params.participantIds.length === params.names.length;
  return 'ids' in speakers && sameIds(speakers.ids, params.participantIds);
}

/** How the participants are asked, with the defaults in place. */
function askedOf(
  group: FocusGroup,
  { stimulus, mode = 'simultaneous', replyWords }: NextRound,
): Pick<RoundParams, 'stimulus' | 'mode' | 'replyWords'> {
  return { stimulus: stimulus ?? null, mode, replyWords: replyWords ?? group.replyWords };
}

function sameIds(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((id) => others.includes(id));
}

function planRound({ group, transcript, context }: GroupMemory, step: string, next: NextRound): PlannedTurn {
  const { message, speakers, host } = next;
  const asked = askedOf(group, next);
  const speaking = speakers === null ? [] : chooseSpeakers(speakers ?? 'all', asked.mode, transcript, step);
  const params: Omit<RoundParams, keyof TurnPosition> = {
    ...callSettings(group),
    round: transcript.rounds.length + 1,
    participantIds: speaking.map(({ id }) => id),
    hostMessage: message,
    host,
    ...asked,
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
