import { type JobRunner, quote, type TaskRecord, type TaskSettings } from '@panelist/toolkit';
import type { Respondent } from '../audience/respondent.ts';
import { PanelistError } from '../panelist-error.ts';
import { storedFailure } from '../stored/stored-row.ts';
import type { ImportOptions } from '../survey/import/import-surveyjs.ts';
import type { Questionnaire } from '../survey/questionnaire.ts';
import type { FocusGroup } from './group.ts';
import { followUpsOf, groupOf, importPoll } from './guide/group-of-guide.ts';
import type { FocusGroupGuide } from './guide/guide.ts';
import { parseGuide } from './guide/guide-schema.ts';
import { readGroup } from './history.ts';
import { failedReplies, type Transcript, transcriptOf } from './transcript.ts';
import { Moderator } from './turns/moderator.ts';
import { openGroup } from './turns/open-group.ts';
import { runPoll } from './turns/run-poll.ts';
import { type NextRound, runRound } from './turns/run-round.ts';
import { type EndedTurn, GroupStopped, TurnRunner, type TurnWatch } from './turns/run-turn.ts';

export interface FocusGroupOptions extends TurnWatch {
  /** Must know the jobs of focus groups, as that of `openWorkspace` does. */
  readonly runner: JobRunner;
  /** What the group is called: its turns are tasks under `fg_<focusGroupId>`. */
  readonly focusGroupId: string;
  /** Whom the guide's `participants` are chosen from. */
  readonly audience: readonly Respondent[];
  /** How the survey of the guide's poll is read. */
  readonly pollOptions?: ImportOptions | undefined;
  /** How the turns of a group that this opens are to be run. @default {} */
  readonly settings?: TaskSettings | undefined;
}

export interface FocusGroupResult {
  readonly transcript: Transcript;
  /** Replies that failed; each is in the transcript with its error. */
  readonly failed: number;
  /** Turns that this call ran, retried or joined; 0 where the group was over before. */
  readonly turns: number;
}

/**
 * Runs a focus group by its guide, from its opening to its last poll. Called again, it resumes; called while the group
 * runs, it joins; called after its end, it asks nothing. What failed in a round stays failed until `retryFailed` of its
 * task; a round in which the provider failed for everybody is tried again before anything else is asked.
 *
 * @throws PanelistError `GUIDE_INVALID`, `SURVEY_INVALID` and the like for its poll, `GROUP_CHANGED`
 * @throws GroupStopped when a turn was stopped or paused, or the provider failed for all: the same call goes on
 */
export async function runFocusGroup(
  guide: FocusGroupGuide,
  { runner, focusGroupId, audience, pollOptions, settings, ...watch }: FocusGroupOptions,
): Promise<FocusGroupResult> {
  parseGuide(guide);
  const group = groupOf(guide, focusGroupId, audience);
  const questionnaire = importPoll(guide, pollOptions)?.questionnaire ?? null;
  await openGroup(runner, group, settings);
  return runGuide(new TurnRunner(runner, focusGroupId, watch), group, guide, questionnaire);
}

/**
 * The same for a group that was opened before, by the guide that is stored with it.
 *
 * @throws PanelistError `GROUP_NOT_FOUND`; `USAGE` for a group without a guide, and as `runFocusGroup`
 */
export async function runOpenedGroup({
  runner,
  focusGroupId,
  pollOptions,
  ...watch
}: Omit<FocusGroupOptions, 'audience' | 'settings'>): Promise<FocusGroupResult> {
  const { group } = await readGroup(runner.tasks, focusGroupId);
  if (group.guide === null)
    throw new PanelistError('USAGE', `The focus group ${quote(focusGroupId)} has no guide: it is led live.`);
  const guide = parseGuide(group.guide);
  const questionnaire = importPoll(guide, pollOptions)?.questionnaire ?? null;
  return runGuide(new TurnRunner(runner, focusGroupId, watch), group, guide, questionnaire);
}

async function runGuide(
  turns: TurnRunner,
  group: FocusGroup,
  guide: FocusGroupGuide,
  questionnaire: Questionnaire | null,
): Promise<FocusGroupResult> {
  const { tasks, focusGroupId } = turns;
  const run = new GuideRun(turns, group);
  if (questionnaire !== null && guide.poll?.before !== false) await run.poll(questionnaire, 'before');
  await run.rounds(guide);
  if (questionnaire !== null && guide.poll?.after !== false) await run.poll(questionnaire, 'after');
  const transcript = await transcriptOf(tasks, await readGroup(tasks, focusGroupId));
  return { transcript, failed: failedReplies(transcript), turns: turns.waitedFor };
}

/** Bad request, too large, not to be processed. */
const requestRefused = [400, 413, 422];

/** Runs a guide's turns in order, and stops where nobody could reply. */
class GuideRun {
  readonly #turns: TurnRunner;
  readonly #group: FocusGroup;

  constructor(turns: TurnRunner, group: FocusGroup) {
    this.#turns = turns;
    this.#group = group;
  }

  async rounds({ rounds = [], moderator }: FocusGroupGuide): Promise<void> {
    const leader = moderator && new Moderator(this.#turns, this.#group, moderator);
    const run = (step: string, round: NextRound): Promise<void> =>
      this.#answered(runRound(this.#turns, step, round));
    for (const [index, round] of rounds.entries()) {
      const step = `round-${index + 1}`;
      for (const [k, question] of [round, ...followUpsOf(round)].entries())
        await run(k === 0 ? step : `${step}/follow-up-${k}`, { ...question, host: 'guide' });
      const next = rounds.slice(index + 1, index + 3).map(({ message }) => message);
      if (leader !== undefined && !(await leader.after(step, next, run))) return;
    }
  }

  async poll(questionnaire: Questionnaire, poll: 'before' | 'after'): Promise<void> {
    await this.#answered(runPoll(this.#turns, `poll-${poll}`, { questionnaire, poll }));
  }

  /**
   * Where the provider failed for everybody, the next turn would have nothing to hear: a turn that failed in an earlier
   * run is tried once more. Where the model was reached and no reply could be used, the group continues.
   */
  async #answered(running: Promise<EndedTurn>): Promise<void> {
    const { turn, how } = await running;
    if (turn.task.status !== 'failed' || (await this.#wasReached(turn.task))) return;
    if (how !== 'found') throw new GroupStopped(turn.task);
    const again = await this.#turns.retry(turn.task);
    if (again.status === 'failed' && !(await this.#wasReached(again))) throw new GroupStopped(again);
  }

  /** One participant's request may be refused for what is in it, which says nothing about the others'. */
  async #wasReached({ taskId, totalCount }: TaskRecord): Promise<boolean> {
    for await (const { key, result } of this.#turns.tasks.items(taskId)) {
      const { code, status } = storedFailure(result, { taskId, itemKey: key });
      if (code === 'REPLY_UNUSABLE') return true;
      if (totalCount === 1 && requestRefused.includes(status ?? 0)) return true;
    }
    return false;
  }
}
