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
} from '../stored/shapes.ts';
import { type StoredInput, type StoredParams, type StoredResult, storedAs } from '../stored/stored-row.ts';
import { callSettingsMembers } from '../survey/stored-survey.ts';
import type { Context, HeardRound } from './context.ts';
import {
  type FocusGroup,
  groupName,
  type OpeningParams,
  type RoundItem,
  type RoundParams,
  type TurnPlace,
} from './group-turn.ts';
import type { FocusGroupGuide } from './guide.ts';
import { languageTag } from './guide-schema.ts';
import type { ModerationParams, ModeratorAction } from './moderation-job.ts';
import type { Participant } from './participant.ts';
import type { RecordedReply } from './round-job.ts';
import type { Spoken } from './speak.ts';
import type { SummaryParams } from './summary-job.ts';
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

const placeMembers: Members<TurnPlace> = { focusGroupId: groupId, turn: count, step: text };

const oneCallMembers = { ...placeMembers, ...callSettingsMembers, title: text, language };

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

const opening: Shape<OpeningParams> = object<OpeningParams>({ ...placeMembers, group });

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

const roundItem: Shape<RoundItem> = object<RoundItem>({ participant, own: texts });

const callMembers: Members<Omit<Spoken<unknown>, 'value'>> = {
  promptHash: text,
  returnedModel: text,
  inputTokens: number,
  outputTokens: number,
};

const reply: Shape<RecordedReply> = object<RecordedReply>({
  text,
  words: count,
  repairs: texts,
  ...callMembers,
});

const place: Shape<TurnPlace> = object<TurnPlace>(placeMembers);

export const summaryParams: Shape<SummaryParams> = object<SummaryParams>({
  ...oneCallMembers,
  summary: nullable(text),
  added: list(heardRound),
  rounds: count,
});

export const summary: Shape<string> = text;

export const moderationParams: Shape<ModerationParams> = object<ModerationParams>({
  ...oneCallMembers,
  instructions: text,
  names: texts,
  context,
  next: texts,
  actionsLeft: count,
});

export const moderatorAction: Shape<ModeratorAction> = object<ModeratorAction>({
  action: oneOf('probe', 'ask_all', 'summarise', 'move_on', 'end'),
  participant: nullable(text),
  message: text,
});

export const themesParams: Shape<ThemesParams> = object<ThemesParams>({
  ...oneCallMembers,
  rounds: list(
    object<SaidInRound>({
      round: positive,
      host: text,
      replies: list(object({ participantId: text, name: text, text })),
    }),
  ),
});

export const foundThemes: Shape<FoundThemes> = object<FoundThemes>({
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

/** What a turn's task was made of. @throws PanelistError `ROW_INVALID` */
export function turnParamsOf<T>(shape: Shape<T>, { taskId, taskParams }: StoredParams): T {
  return storedAs(shape, taskParams, { taskId, itemKey: null, what: 'parameters' });
}

/** Where in its group a turn stands. @throws PanelistError `ROW_INVALID` */
export function placeOf(task: StoredParams): TurnPlace {
  return turnParamsOf(place, task);
}

/** The group that an opening opened. @throws PanelistError `ROW_INVALID` */
export function openedGroup(task: StoredParams): FocusGroup {
  return turnParamsOf(opening, task).group;
}

/** @throws PanelistError `ROW_INVALID` */
export function roundParamsOf(task: StoredParams): RoundParams {
  return turnParamsOf(roundParams, task);
}

/** Who replies in an item of a round. @throws PanelistError `ROW_INVALID` */
export function roundItemOf(taskId: string, { key, input }: StoredInput): RoundItem {
  return storedAs(roundItem, input, { taskId, itemKey: key, what: 'input' });
}

/** The reply that was recorded for an item of a round. @throws PanelistError `ROW_INVALID` */
export function replyIn(taskId: string, { key, result }: StoredResult): RecordedReply {
  return storedAs(reply, result, { taskId, itemKey: key, what: 'result' });
}

/** What the call of a turn gave that is one call. @throws PanelistError `ROW_INVALID` */
export function spokenIn<T>(value: Shape<T>, taskId: string, { key, result }: StoredResult): Spoken<T> {
  const shape = object<Spoken<T>>({ ...callMembers, value } as Members<Spoken<T>>);
  return storedAs(shape, result, { taskId, itemKey: key, what: 'result' });
}
