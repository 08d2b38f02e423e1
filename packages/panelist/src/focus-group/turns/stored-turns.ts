import {
  count,
  list,
  nullable,
  number,
  object,
  oneOf,
  positive,
  record,
  type Shape,
  text,
} from '../../stored/shapes.ts';
import { defineStoredJob, type StoredJob } from '../../stored/stored-job.ts';
import { type StoredParams, storedAs } from '../../stored/stored-row.ts';
import { callSettingsMembers } from '../../survey/stored-survey.ts';
import type { Context, HeardRound } from '../context.ts';
import {
  type FocusGroup,
  groupName,
  MODERATION_JOB,
  OPENING_JOB,
  type OpeningParams,
  type PollParams,
  ROUND_JOB,
  type RoundItem,
  type RoundParams,
  SUMMARY_JOB,
  THEMES_JOB,
  type TurnPosition,
} from '../group.ts';
import type { FocusGroupGuide } from '../guide/guide.ts';
import { languageTag } from '../guide/guide-schema.ts';
import type { Participant } from '../participant.ts';
import type { ModerationParams, ModeratorAction } from './moderation-job.ts';
import type { RecordedReply } from './round-job.ts';
import type { Spoken } from './speak.ts';
import type { SummaryParams } from './summary.ts';
import type { Quote, Theme } from './theme.ts';
import type { FoundThemes, SaidInRound, ThemesParams } from './themes-job.ts';

type Members<T> = { readonly [Name in keyof T]-?: Shape<T[Name]> };

/** One that `Intl` takes: it throws for any other. */
const language: Shape<string> = (value) =>
  typeof value === 'string' && languageTag.test(value) ? null : 'a language tag is expected';

const groupId: Shape<string> = (value) =>
  typeof value === 'string' && groupName.test(value) ? null : "a group's name is expected";

const texts = list(text);

const participant: Shape<Participant> = object<Participant>({ id: text, name: text, persona: record(text) });

const heardRound: Shape<HeardRound> = object<HeardRound>({
  host: text,
  stimulus: nullable(text),
  replies: list(object({ name: text, text })),
});

const context: Shape<Context> = object<Context>({ summary: nullable(text), heard: list(heardRound) });

const positionMembers: Members<TurnPosition> = { focusGroupId: groupId, turn: count, step: text };

const oneCallMembers = { ...positionMembers, ...callSettingsMembers, title: text, language };

/** It is only compared with the guide of a later run. */
const guide: Shape<FocusGroupGuide> = (value) => (typeof value === 'object' ? null : 'an object is expected');

const group: Shape<FocusGroup> = object<FocusGroup>({
  focusGroupId: groupId,
  title: text,
  language,
  participants: list(participant),
  model: text,
  baseUrl: nullable(text),
  temperature: nullable(number),
  seed: nullable(number),
  replyWords: count,
  guide: nullable(guide),
});

const roundParams: Shape<RoundParams> = object<RoundParams>({
  ...oneCallMembers,
  round: positive,
  participantIds: texts,
  hostMessage: text,
  host: oneOf('guide', 'moderator', 'live'),
  stimulus: nullable(text),
  mode: oneOf('simultaneous', 'in-turn'),
  replyWords: count,
  names: texts,
  context,
});

const callMembers: Members<Omit<Spoken<unknown>, 'value'>> = {
  promptHash: text,
  returnedModel: text,
  inputTokens: number,
  outputTokens: number,
};

const position: Shape<TurnPosition> = object<TurnPosition>(positionMembers);

const pollParams: Shape<Pick<PollParams, 'poll'>> = object<Pick<PollParams, 'poll'>>({
  poll: oneOf('before', 'after', 'live'),
});

const summaryParams: Shape<SummaryParams> = object<SummaryParams>({
  ...oneCallMembers,
  summary: nullable(text),
  added: list(heardRound),
  rounds: count,
});

const moderationParams: Shape<ModerationParams> = object<ModerationParams>({
  ...oneCallMembers,
  instructions: text,
  names: texts,
  context,
  next: texts,
  actionsLeft: count,
});

const moderatorAction: Shape<ModeratorAction> = object<ModeratorAction>({
  action: oneOf('probe', 'ask_all', 'summarise', 'move_on', 'end'),
  participant: nullable(text),
  message: text,
});

const themesParams: Shape<ThemesParams> = object<ThemesParams>({
  ...oneCallMembers,
  rounds: list(
    object<SaidInRound>({
      round: positive,
      host: text,
      replies: list(object({ participantId: text, name: text, text })),
    }),
  ),
});

const foundThemes: Shape<FoundThemes> = object<FoundThemes>({
  themes: list(
    object<Theme>({
      name: text,
      description: text,
      speakers: count,
      replies: count,
      quotes: list(object<Quote>({ participantId: text, name: text, round: positive, text })),
    }),
  ),
  unsupported: count,
});

/** What a turn that is one call gave. */
function spoken<T>(value: Shape<T>): Shape<Spoken<T>> {
  const call = object(callMembers);
  const given = object<{ value: T }>({ value } as { readonly value: Shape<T> });
  return (row) => call(row) ?? given(row);
}

const nothing: Shape<null> = (value) => (value === null ? null : 'null is expected');

/** Nobody is asked anything at an opening: it has no items, and its parameters say who is in the group. */
export const OPENING: StoredJob<null, OpeningParams, null> = defineStoredJob(OPENING_JOB, {
  params: object<OpeningParams>({ ...positionMembers, group }),
  input: nothing,
  result: nothing,
});

/** One item a participant who replies. */
export const ROUND: StoredJob<RoundItem, RoundParams, RecordedReply> = defineStoredJob(ROUND_JOB, {
  params: roundParams,
  input: object<RoundItem>({ participant, own: texts }),
  result: object<RecordedReply>({ text, words: count, repairs: texts, ...callMembers }),
});

export const SUMMARY: StoredJob<string, SummaryParams, Spoken<string>> = defineStoredJob(SUMMARY_JOB, {
  params: summaryParams,
  input: text,
  result: spoken(text),
});

export const MODERATION: StoredJob<string, ModerationParams, Spoken<ModeratorAction>> = defineStoredJob(
  MODERATION_JOB,
  { params: moderationParams, input: text, result: spoken(moderatorAction) },
);

export const THEMES: StoredJob<string, ThemesParams, Spoken<FoundThemes>> = defineStoredJob(THEMES_JOB, {
  params: themesParams,
  input: text,
  result: spoken(foundThemes),
});

/** A turn's position in its group. @throws PanelistError `ROW_INVALID` */
export function positionOf({ taskId, taskParams }: StoredParams): TurnPosition {
  return storedAs(position, taskParams, { taskId, itemKey: null, what: 'parameters' });
}

/** Which of the group's polls a poll is. @throws PanelistError `ROW_INVALID` */
export function pollOf({ taskId, taskParams }: StoredParams): PollParams['poll'] {
  return storedAs(pollParams, taskParams, { taskId, itemKey: null, what: 'parameters' }).poll;
}
