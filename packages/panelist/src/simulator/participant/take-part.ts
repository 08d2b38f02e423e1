import type { ChatCompletionRequest } from '../chat-request.ts';
import { readPersona } from '../respondent/persona.ts';
import { hashText, mix } from '../seeded-random.ts';
import { readGroupPrompt } from './group-prompt.ts';
import { findThemes, keepMinutes, moderate } from './lead.ts';
import { speak } from './speak.ts';

/**
 * What is said in a focus group, by a participant, a moderator, whoever keeps its minutes, or whoever reads them for themes; `null` where the request
 * is none of theirs. A reply that did not fit and is asked for again is another one.
 *
 * @param worldSeed the simulator's
 */
export function takePart(
  request: ChatCompletionRequest,
  systemText: string,
  userTexts: readonly string[],
  worldSeed: number,
): string | null {
  const [userText = '', ...asking] = userTexts;
  const seed = mix(mix(worldSeed, request.seed ?? 0), hashText(asking.join('\n')));
  const format = request.response_format;
  if (format?.type === 'json_schema') {
    if (systemText.startsWith('You moderate a focus group'))
      return JSON.stringify(moderate(systemText, userText, seed));
    return systemText.startsWith('You analyse the transcript of a focus group')
      ? JSON.stringify(findThemes(userText))
      : null;
  }
  if (systemText.startsWith('You keep the minutes of a focus group'))
    return keepMinutes(systemText, userText);
  const prompt = readGroupPrompt(systemText, userText);
  return prompt === null ? null : speak(prompt, readPersona(systemText, worldSeed), seed);
}
