import { quote, type TaskRecord, type TaskRunner, type TaskSettings } from '@panelist/toolkit';
import type { Respondent } from '../audience/respondent.ts';
import { PanelistError } from '../panelist-error.ts';
import { storedFailure } from '../stored/stored-row.ts';
import { type ImportedSurvey, type ImportOptions, importSurvey } from '../survey/import/import-surveyjs.ts';
import type { Questionnaire } from '../survey/questionnaire.ts';
import { readGroup, transcriptOf } from './group-history.ts';
import type { FocusGroup } from './group-turn.ts';
import { type FocusGroupGuide, type GuideRound, type HostQuestion, HUMAN_REPLY_WORDS } from './guide.ts';
import { parseGuide } from './guide-schema.ts';
import { Moderator } from './moderate.ts';
import { checkGroupName, openGroup } from './open-group.ts';
import { chooseParticipants } from './participant.ts';
import { inLanguageOf, runPoll } from './poll.ts';
import { itemsOf } from './round-job.ts';
import { type NextRound, runRound } from './run-round.ts';
import { type EndedTurn, GroupStopped, TurnRunner, type TurnWatch } from './run-turn.ts';
import { chooseSpeakers } from './speakers.ts';
import type { Transcript } from './transcript.ts';

export interface FocusGroupOptions extends TurnWatch {
  /** Must know the jobs of focus groups, as that of `openWorkspace` does. */
  readonly runner: TaskRunner;
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
 * Holds a focus group by its guide, from its opening to its last poll. Run again, it goes on where it was; run while it
 * runs, it joins; run after its end, it asks nothing. What failed in a round stays failed until `retryFailed` of its
 * task; a round in which the provider failed for everybody is tried again before anything else is asked.
 *
 * @throws PanelistError `GUIDE_INVALID`, `SURVEY_INVALID` and the like for its poll, `GROUP_CHANGED`
 * @throws GroupStopped when a turn was stopped or paused, or the provider failed for all: the same call goes on
 */
export async function runFocusGroup(
  guide: FocusGroupGuide,
  { runner, focusGroupId, audience, pollOptions, settings, onTurn }: FocusGroupOptions,
): Promise<FocusGroupResult> {
  parseGuide(guide);
  const group = groupOf(guide, focusGroupId, audience);
  const questionnaire = importPoll(guide, pollOptions)?.questionnaire ?? null;
  const turns = new TurnRunner(runner, focusGroupId, { onTurn });
  const run = new GuideRun(turns, group);
  await openGroup(runner, group, settings);
  if (questionnaire !== null && guide.poll?.before !== false) await run.poll(questionnaire, 'before');
  await run.rounds(guide);
  if (questionnaire !== null && guide.poll?.after !== false) await run.poll(questionnaire, 'after');
  const transcript = await transcriptOf(runner.tasks, await readGroup(runner.tasks, focusGroupId));
  return { transcript, failed: failedReplies(transcript), turns: turns.waitedFor };
}

/** What a guide's group is, before its first turn. @throws PanelistError as `runFocusGroup` does */
export function groupOf(
  guide: FocusGroupGuide,
  focusGroupId: string,
  audience: readonly Respondent[],
): FocusGroup {
  checkGroupName(focusGroupId);
  if (guide.model === undefined) {
    throw new PanelistError('GUIDE_INVALID', 'The guide names no model: set model in it.', {
      data: { reason: 'model-missing' },
    });
  }
  const participants = chooseParticipants(guide.participants, audience);
  const seed = guide.seed ?? null;
  // Whether anybody fits is found out before anything is paid for.
  const unspoken = { participants, rounds: [], seed, groupId: focusGroupId };
  for (const { speakers = 'all', message } of questionsOf(guide))
    chooseSpeakers(speakers, 'simultaneous', unspoken, message);
  return {
    focusGroupId,
    title: guide.title,
    language: guide.language ?? 'en',
    participants,
    model: guide.model,
    baseUrl: guide.baseUrl ?? null,
    temperature: guide.temperature ?? null,
    seed,
    replyWords: guide.replyWords ?? HUMAN_REPLY_WORDS,
    guide: asHeld(guide),
  };
}

/** Without where its files are: the same guide is the same from any folder. */
function asHeld({
  $schema: _,
  participants: { audience: __, ...participants },
  ...guide
}: FocusGroupGuide): FocusGroupGuide {
  return { ...guide, participants };
}

export function failedReplies({ rounds }: Transcript): number {
  return rounds.flatMap(({ replies }) => replies).filter(({ status }) => status === 'failed').length;
}

function questionsOf({ rounds = [] }: FocusGroupGuide): HostQuestion[] {
  return rounds.flatMap((round) => [round, ...followUpsOf(round)]);
}

function followUpsOf({ followUps = [], speakers, mode, replyWords }: GuideRound): HostQuestion[] {
  return followUps.map((followUp) => ({
    speakers,
    mode,
    replyWords,
    ...(typeof followUp === 'string' ? { message: followUp } : followUp),
  }));
}

/** The guide's poll; `null` where it has none. @throws PanelistError as `runFocusGroup` does for its poll */
export function importPoll(
  { poll, title, language }: FocusGroupGuide,
  options: ImportOptions = {},
): ImportedSurvey | null {
  if (poll === undefined) return null;
  if (typeof poll.survey === 'string') {
    throw new PanelistError(
      'GUIDE_INVALID',
      `The guide's poll.survey is the path ${quote(poll.survey)}: readGuideFile reads it, and runFocusGroup takes what stands in it.`,
    );
  }
  const { questionnaire, warnings } = importSurvey(poll.survey, options);
  const titled = { ...questionnaire, title: questionnaire.title || title };
  return {
    questionnaire: options.locale === undefined ? inLanguageOf(titled, poll.survey, language) : titled,
    warnings,
  };
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
    for await (const { key, result } of itemsOf(this.#turns.tasks, taskId)) {
      const { code, status } = storedFailure(result, { taskId, itemKey: key });
      if (code === 'REPLY_UNUSABLE') return true;
      if (totalCount === 1 && requestRefused.includes(status ?? 0)) return true;
    }
    return false;
  }
}
