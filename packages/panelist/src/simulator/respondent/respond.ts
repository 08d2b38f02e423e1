import { hashText, mix } from '../../random/hash-draws.ts';
import type { ChatCompletionRequest } from '../chat-request.ts';
import { messageText } from '../chat-request.ts';
import { heardMood, takePart } from '../participant/take-part.ts';
import { answerSchema } from './answer-schema.ts';
import { writeText } from './free-text.ts';
import { readPersona } from './persona.ts';
import { Question, type SimulatedRespondent } from './question.ts';

export interface Response {
  /** The reply's content: JSON where the request wants it, else prose. */
  readonly text: string;
  /** Whether the mistake that was asked for could be made. */
  readonly mistaken: boolean;
}

/**
 * What the persona in `request`'s system message says to its last user message. Depends on nothing but the
 * arguments.
 *
 * @param how.mistake answers the first choice with what is none of its options
 * @param how.firstOptionBias the share of choices that fall on what is listed first
 */
export function respond(
  request: ChatCompletionRequest,
  { seed, mistake, firstOptionBias }: { seed: number; mistake: boolean; firstOptionBias: number },
): Response {
  const systemText = request.messages
    .filter(({ role }) => role === 'system' || role === 'developer')
    .map(messageText)
    .join('\n');
  const userTexts = request.messages.filter(({ role }) => role === 'user').map(messageText);
  const worldSeed = hashText(String(seed));
  const inGroup = takePart(request, systemText, userTexts, worldSeed);
  if (inGroup !== null) return { text: inGroup, mistaken: false };
  const respondent: SimulatedRespondent = {
    persona: readPersona(systemText, worldSeed),
    worldSeed,
    firstOptionBias,
    heardMood: heardMood(userTexts),
    seed: typeof request.seed === 'number' ? mix(worldSeed, hashText(String(request.seed))) : worldSeed,
  };
  const format = request.response_format;
  if (format?.type === 'json_schema') {
    const { value, mistaken } = answerSchema(format.json_schema.schema ?? {}, userTexts, respondent, mistake);
    return { text: JSON.stringify(value), mistaken };
  }
  const text = writeText(new Question(respondent, '', userTexts.at(-1) ?? ''), 0, Number.POSITIVE_INFINITY);
  return { text: format?.type === 'json_object' ? JSON.stringify({ answer: text }) : text, mistaken: false };
}
