import { type Discussion, parseStatement, type Statement } from '../../focus-group/prompts/discussion.ts';
import { parseModerationRequest } from '../../focus-group/prompts/moderation.ts';
import { parsePollDiscussion } from '../../focus-group/prompts/poll.ts';
import { parseReplyRequest } from '../../focus-group/prompts/reply.ts';
import { parseSummaryRequest } from '../../focus-group/prompts/summary.ts';
import { parseThemesRequest } from '../../focus-group/prompts/themes.ts';
import { isChinese } from '../../languages/messages.ts';
import { hashText, mix } from '../../random/hash-draws.ts';
import type { ChatCompletionRequest } from '../chat-request.ts';
import { readPersona } from '../respondent/persona.ts';
import { findThemes, keepMinutes, moderate } from './lead.ts';
import { moodOf, type SpokenLanguage } from './phrases.ts';
import { speak } from './speak.ts';

/** Words of a reply whose prompt names no number. */
const defaultWords = 49;

/**
 * What is said in a focus group by a participant or a moderator, or written by those who sum it up or read it for
 * themes; `null` for any other request. A repeated request gets another reply.
 *
 * @param worldSeed the simulator's
 */
export function takePart(
  request: ChatCompletionRequest,
  systemText: string,
  userTexts: readonly string[],
  worldSeed: number,
): string | null {
  const [userText = '', ...repeats] = userTexts;
  const seed = mix(mix(worldSeed, request.seed ?? 0), hashText(repeats.join('\n')));
  if (request.response_format?.type === 'json_schema') {
    const moderation = parseModerationRequest(systemText, userText);
    if (moderation !== null)
      return JSON.stringify(
        moderate(allStatements(moderation), spoken(moderation.language), hashText(userText, seed)),
      );
    const themes = parseThemesRequest(systemText, userText);
    return themes === null ? null : JSON.stringify(findThemes(themes.rounds));
  }
  const summary = parseSummaryRequest(systemText, userText);
  if (summary !== null)
    return keepMinutes(summary.summary ?? '', allStatements(summary), spoken(summary.language));
  const reply = parseReplyRequest(systemText, userText);
  if (reply === null) return null;
  const situation = {
    ...reply,
    language: spoken(reply.language),
    words: reply.replyWords ?? defaultWords,
    heard: allStatements(reply),
  };
  return speak(situation, readPersona(systemText, worldSeed), seed);
}

/**
 * The mood of the group that a respondent of a poll has listened to, from -1 to 1; `null` for a respondent who has
 * listened to none.
 */
export function heardMood(userTexts: readonly string[]): number | null {
  for (const text of userTexts) {
    const discussion = parsePollDiscussion(text);
    if (discussion === null) continue;
    const { summary, statements } = discussion;
    return moodOf([summary ?? '', ...statements.map(({ text }) => text)].join('\n'));
  }
  return null;
}

/** A summary that begins with a name, as those of the simulator do, counts as said by that name. */
function allStatements({ summary, statements }: Discussion): readonly Statement[] {
  const summed = parseStatement(summary ?? '');
  return summed === null ? statements : [summed, ...statements];
}

function spoken(language: string): SpokenLanguage {
  return isChinese(language) ? 'zh' : 'en';
}
