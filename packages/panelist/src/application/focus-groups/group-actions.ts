import { type TaskRecord, ToolkitError } from '@panelist/toolkit';
import {
  batchGenerateResponses,
  checkMessage,
  type LiveMessageOptions,
  type LiveRound,
} from '../../focus-group/batch-generate-responses.ts';
import { groupTaskKey, ROUND_JOB } from '../../focus-group/group.ts';
import type { FocusGroupGuide } from '../../focus-group/guide/guide.ts';
import type { Turn } from '../../focus-group/history.ts';
import {
  type FocusGroupOptions,
  type FocusGroupResult,
  runFocusGroup,
} from '../../focus-group/run-focus-group.ts';
import { findThemes } from '../../focus-group/turns/find-themes.ts';
import { retryFailedReplies } from '../../focus-group/turns/retry-failed-replies.ts';
import { runPoll } from '../../focus-group/turns/run-poll.ts';
import { GroupStopped, TurnRunner } from '../../focus-group/turns/run-turn.ts';
import { takeBackMessage } from '../../focus-group/turns/take-back-message.ts';
import type { Questionnaire } from '../../survey/questionnaire.ts';
import { DEFAULT_GROUP_CONCURRENCY } from '../defaults.ts';
import type { Workspace } from '../open-workspace.ts';
import { changeGroupLimits } from '../runs/change-limits.ts';
import type { RunEvent } from '../runs/run-event.ts';
import { checkLimits, type RunLimits } from '../runs/run-limits.ts';
import type { RunOutcome } from '../runs/run-outcome.ts';
import { readFailures } from '../tasks/failures.ts';
import type { ThemesOfModel } from './analyse.ts';
import { followGroup } from './follow-group.ts';

export { checkMessage };

/** How an action in a group has ended. */
export type GroupActionEnd<T> =
  | { readonly end: 'finished'; readonly value: T }
  /** Its signal aborted before it began. */
  | { readonly end: 'withdrawn' }
  /**
   * By a pause, a limit, or a provider that failed for everybody. What was said is recorded; the same action goes on.
   */
  | {
      readonly end: 'stopped';
      /** The turn that was stopped; `null` where the process was stopped between two turns. */
      readonly task: TaskRecord | null;
      /** Why, for people; empty where the process was stopped. */
      readonly reason: string;
      readonly exhausted: RunOutcome['exhausted'];
      /** Whether the turn failed for a reason that affects every participant, such as a wrong key. */
      readonly allOfTheModel: boolean;
    };

/** An action in a group. It continues whether or not its events are read. */
export interface GroupAction<T> {
  /** Its turns, each with its results as they are recorded, by whichever process. Ends when the action has ended. */
  readonly events: AsyncIterable<RunEvent>;
  /** Rejects with what is wrong with the request, or with the database. */
  readonly ended: Promise<GroupActionEnd<T>>;
}

export interface RunGroupOptions
  extends Pick<FocusGroupOptions, 'focusGroupId' | 'audience' | 'pollOptions'> {
  /** Recorded with the group, also if it was opened before. @default those of the workspace */
  readonly limits?: RunLimits | undefined;
}

/**
 * Runs a focus group by its guide.
 *
 * @throws in `ended`: PanelistError as `runFocusGroup`
 */
export function runGroup(
  workspace: Workspace,
  guide: FocusGroupGuide,
  { limits = {}, ...options }: RunGroupOptions,
): GroupAction<FocusGroupResult> {
  const { runner } = workspace;
  const { focusGroupId } = options;
  return groupAction(workspace, focusGroupId, async (onTurn) => {
    await changeGroupLimits(workspace, focusGroupId, limits);
    const settings = {
      maxConcurrency: DEFAULT_GROUP_CONCURRENCY,
      ...checkLimits(workspace.limits),
      ...checkLimits(limits),
    };
    return runFocusGroup(guide, { ...options, runner, settings, onTurn });
  });
}

export interface SayOptions extends Omit<LiveMessageOptions, 'runner' | 'onTurn'> {
  /** Who is to reply: ids, or `all`. @default 'all' */
  readonly to?: readonly string[] | 'all' | undefined;
  /** Called with the message's round when it has begun. */
  readonly onRound?: ((task: TaskRecord) => void) | undefined;
}

/**
 * Says something to a group: one live round.
 *
 * @throws in `ended`: PanelistError as `batchGenerateResponses`
 */
export function sayInGroup(
  workspace: Workspace,
  focusGroupId: string,
  message: string,
  { to = 'all', onRound, ...options }: SayOptions = {},
): GroupAction<LiveRound> {
  const say = (onTurn: (task: TaskRecord) => void): Promise<LiveRound> =>
    batchGenerateResponses(focusGroupId, to, message, {
      ...options,
      runner: workspace.runner,
      onTurn: (task) => {
        if (task.job === ROUND_JOB) onRound?.(task);
        onTurn(task);
      },
    });
  return groupAction(workspace, focusGroupId, say, options.signal);
}

/**
 * Takes back the last live message of a group while nobody has answered it.
 *
 * @throws PanelistError `GROUP_NOT_FOUND`; `USAGE` where somebody has answered, or there is no such message
 */
export function takeBackInGroup(
  { runner }: Pick<Workspace, 'runner'>,
  focusGroupId: string,
): Promise<{ readonly message: string }> {
  return takeBackMessage(runner, focusGroupId);
}

/** Asks every participant alone what nobody else hears: one live poll. */
export function pollGroup(
  workspace: Workspace,
  focusGroupId: string,
  questionnaire: Questionnaire,
): GroupAction<Turn> {
  return groupAction(workspace, focusGroupId, async (onTurn) => {
    const turns = new TurnRunner(workspace.runner, focusGroupId, { onTurn });
    return (await runPoll(turns, null, { questionnaire, poll: 'live' })).turn;
  });
}

/** Asks again for every reply of a group that failed; resolves to how many. */
export function retryFailedInGroup(workspace: Workspace, focusGroupId: string): GroupAction<number> {
  return groupAction(workspace, focusGroupId, (onTurn) =>
    retryFailedReplies(workspace.runner, focusGroupId, { onTurn }),
  );
}

/** Has a model find the themes of what was said. @param asked @default the group's model */
export function findThemesInGroup(
  workspace: Workspace,
  focusGroupId: string,
  asked: { readonly model?: string | undefined; readonly baseUrl?: string | null | undefined } = {},
): GroupAction<ThemesOfModel> {
  return groupAction(workspace, focusGroupId, (onTurn) =>
    findThemes(workspace.runner, focusGroupId, { ...asked, onTurn }),
  );
}

/** Begins the action. @param signal once it aborts, no further turn begins */
function groupAction<T>(
  workspace: Workspace,
  focusGroupId: string,
  run: (onTurn: (task: TaskRecord) => void) => Promise<T>,
  signal?: AbortSignal,
): GroupAction<T> {
  const { promise: ended, resolve, reject } = Promise.withResolvers<GroupActionEnd<T>>();
  // Its reader may still be reading events when it rejects.
  ended.catch(() => {});
  const events = followGroup(workspace, (onTurn) => {
    run(onTurn)
      .then((value): GroupActionEnd<T> => ({ end: 'finished', value }))
      .catch((error: unknown) => stoppedBy(error, workspace, focusGroupId, signal))
      .then(resolve, reject);
    return ended;
  });
  return { events, ended };
}

/** @throws the error itself, where the run wasn't stopped */
async function stoppedBy(
  error: unknown,
  { tasks, spending }: Workspace,
  focusGroupId: string,
  signal: AbortSignal | undefined,
): Promise<GroupActionEnd<never>> {
  if (signal?.aborted && error === signal.reason) return { end: 'withdrawn' };
  const { exhausted } = spending(groupTaskKey(focusGroupId));
  if (error instanceof GroupStopped) {
    const { task, message: reason } = error;
    const allOfTheModel = task.status === 'failed' && (await readFailures(tasks, task.taskId)).allOfTheModel;
    return { end: 'stopped', task, reason, exhausted, allOfTheModel };
  }
  if (!(error instanceof ToolkitError && error.code === 'RUNNER_CLOSED')) throw error;
  return { end: 'stopped', task: null, reason: '', exhausted, allOfTheModel: false };
}
