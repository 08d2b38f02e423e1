import type { TaskSettings } from '@panelist/toolkit';
import type { AskedModel } from '../models/asked-model.ts';
import { fits, number, object, text } from '../stored/shapes.ts';
import type { SurveyTaskParams } from '../survey/survey-task.ts';
import type { Context } from './context.ts';
import type { FocusGroupGuide, RoundMode } from './guide/guide.ts';
import type { Participant } from './participant.ts';

/** Every turn of a group is a task under this key, as in `fg_<group>`. */
export function groupTaskKey(focusGroupId: string): string {
  return `fg_${focusGroupId}`;
}

/** The group whose turns are under this key; `null` for a task of no group. */
export function focusGroupOfKey(taskKey: string): string | null {
  return taskKey.startsWith('fg_') ? taskKey.slice('fg_'.length) : null;
}

/**
 * The member of an opening's settings that is about the group as a whole, such as what is still to be said. The opening's
 * other settings are those of every turn.
 */
export const GROUP_SETTING = 'group';

/** The settings that a turn takes from its group's opening. */
export function turnSettings({ [GROUP_SETTING]: _, ...settings }: TaskSettings): TaskSettings {
  return settings;
}

/** The jobs that a `TaskRunner` must know to run focus groups, besides `SURVEY_JOB` for the polls. */
export const OPENING_JOB = 'focus-group-opening';
export const ROUND_JOB = 'focus-group-round';
export const SUMMARY_JOB = 'focus-group-summary';
export const MODERATION_JOB = 'focus-group-moderation';
export const THEMES_JOB = 'focus-group-themes';

/** A task's position in its group. */
export interface TurnPosition {
  readonly focusGroupId: string;
  /** From 0, without gaps: no two turns of a group have the same. */
  readonly turn: number;
  /** What it is: `opening`, `poll-before`, `round-2`, `round-2/follow-up-1`, `round-2/moderator-1`, `said-7` … */
  readonly step: string;
}

/** What a group is from its first turn to its last. */
export interface FocusGroup {
  readonly focusGroupId: string;
  readonly title: string;
  readonly language: string;
  readonly participants: readonly Participant[];
  readonly model: string;
  readonly baseUrl: string | null;
  readonly temperature: number | null;
  readonly seed: number | null;
  readonly replyWords: number;
  /** `null` for one that is led live. */
  readonly guide: FocusGroupGuide | null;
}

/** Turn 0: it has no items, and says who is in the group. */
export interface OpeningParams extends TurnPosition {
  readonly group: FocusGroup;
}

/** One message of the host's to some participants. */
export interface RoundParams extends TurnPosition, AskedModel {
  /** From 1. */
  readonly round: number;
  /** In the order in which they speak. */
  readonly participantIds: readonly string[];
  readonly hostMessage: string;
  readonly host: 'guide' | 'moderator' | 'live';
  readonly stimulus: string | null;
  readonly mode: RoundMode;
  readonly replyWords: number;
  readonly title: string;
  readonly language: string;
  readonly temperature: number | null;
  readonly seed: number | null;
  /** The names of all in the group. */
  readonly names: readonly string[];
  /** What everyone remembers, frozen when the round began. */
  readonly context: Context;
}

/** One participant who is to reply. */
export interface RoundItem {
  readonly participant: Participant;
  /** What they said themselves in rounds that are only in the summary. */
  readonly own: readonly string[];
}

/** A private poll is a survey among the participants. */
export interface PollParams extends TurnPosition, SurveyTaskParams {
  readonly poll: 'before' | 'after' | 'live';
}

/** A group's name. Files, task keys and the commands in messages contain it. */
export const groupName: RegExp = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u;

const turnInGroup = object<Pick<TurnPosition, 'focusGroupId' | 'turn'>>({ focusGroupId: text, turn: number });

/** The group that a task is a turn of; `null` for a task that isn't a turn. */
export function focusGroupOf(taskParams: unknown): string | null {
  return fits(turnInGroup, taskParams) && groupName.test(taskParams.focusGroupId)
    ? taskParams.focusGroupId
    : null;
}

/** How the group's model is called, as the params of each turn have it. */
export function callSettings({
  model,
  baseUrl,
  temperature,
  seed,
}: FocusGroup): Pick<RoundParams, 'model' | 'baseUrl' | 'freshRun' | 'temperature' | 'seed'> {
  return { model, baseUrl, freshRun: null, temperature, seed };
}
