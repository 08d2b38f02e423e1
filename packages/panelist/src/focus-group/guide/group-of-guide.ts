import { quote } from '@panelist/toolkit';
import type { Respondent } from '../../audience/respondent.ts';
import { PanelistError } from '../../panelist-error.ts';
import {
  type ImportedSurvey,
  type ImportOptions,
  importSurvey,
} from '../../survey/import/import-surveyjs.ts';
import type { Questionnaire } from '../../survey/questionnaire.ts';
import type { FocusGroup } from '../group.ts';
import { chooseParticipants } from '../participant.ts';
import { checkGroupName } from '../turns/open-group.ts';
import { chooseSpeakers } from '../turns/speakers.ts';
import { type FocusGroupGuide, type GuideRound, type HostQuestion, HUMAN_REPLY_WORDS } from './guide.ts';

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
    guide: withoutFiles(guide),
  };
}

/** Without where its files are: the same guide is the same from any folder. */
function withoutFiles({
  $schema: _,
  participants: { audience: __, ...participants },
  ...guide
}: FocusGroupGuide): FocusGroupGuide {
  return { ...guide, participants };
}

function questionsOf({ rounds = [] }: FocusGroupGuide): HostQuestion[] {
  return rounds.flatMap((round) => [round, ...followUpsOf(round)]);
}

/** The follow-ups of a round, each as a question of its own. */
export function followUpsOf({ followUps = [], speakers, mode, replyWords }: GuideRound): HostQuestion[] {
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
      `The guide's poll.survey is the path ${quote(poll.survey)}: runFocusGroup takes the file's content. Read the guide with readGuideFile.`,
    );
  }
  const { questionnaire, warnings } = importSurvey(poll.survey, options);
  const titled = { ...questionnaire, title: questionnaire.title || title };
  return {
    questionnaire: options.locale === undefined ? inLanguageOf(titled, poll.survey, language) : titled,
    warnings,
  };
}

/** A poll whose file names no language is in the one that the group speaks. */
export function inLanguageOf(
  questionnaire: Questionnaire,
  survey: unknown,
  language: string | undefined,
): Questionnaire {
  const { locale } = (survey ?? {}) as { readonly locale?: unknown };
  const isNamed = typeof locale === 'string' && locale !== '';
  return isNamed || language === undefined ? questionnaire : { ...questionnaire, locale: language };
}
