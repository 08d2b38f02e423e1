import { cutToTokens, estimateTokens } from '../models/tokens.ts';
import { hashText, mix, unit } from '../random/hash-draws.ts';
import { cutAt } from '../text/shortened.ts';
import type { ChatCompletionRequest } from './chat-request.ts';
import { messageText } from './chat-request.ts';
import type { ContentFault } from './faults.ts';
import { malformed } from './malformed-reply.ts';
import { respond } from './respondent/respond.ts';

/** What every reply gives as the model that answered. */
export const RETURNED_MODEL = 'panelist-simulator';

export interface ChatCompletion {
  /** The response's JSON text. */
  readonly body: string;
  readonly completionTokens: number;
  /** The fault that was planted; `notAnOption` cannot be where nothing is to choose. */
  readonly fault: ContentFault | null;
}

/** The messages and the schema, in estimated tokens. */
export function estimatePromptTokens(request: ChatCompletionRequest): number {
  const schema =
    request.response_format?.type === 'json_schema' ? request.response_format.json_schema.schema : '';
  return request.messages.reduce(
    (sum, message) => sum + 4 + estimateTokens(messageText(message)),
    schema === '' ? 0 : estimateTokens(JSON.stringify(schema ?? {})),
  );
}

/** The reply to one request, spoilt as `fault` says. */
export function completeChat(
  request: ChatCompletionRequest,
  about: {
    readonly hash: string;
    readonly seed: number;
    readonly promptTokens: number;
    readonly fault: ContentFault | null;
    readonly firstOptionBias: number;
    /** Seconds since the epoch. */
    readonly created: number;
  },
): ChatCompletion {
  const draw = mix(hashText(about.hash, about.seed), 0x7265);
  const spoken = speak(request, about, draw);
  const maxTokens = request.max_completion_tokens ?? request.max_tokens ?? Number.POSITIVE_INFINITY;
  const content = cutToTokens(spoken.content, maxTokens);
  const isCut = content.length < spoken.content.length || spoken.fault === 'truncated';
  const completionTokens = estimateTokens(content + (spoken.refusal ?? ''));
  return {
    completionTokens,
    fault: spoken.fault,
    body: JSON.stringify({
      id: `chatcmpl-simulator-${about.hash.slice(0, 24)}`,
      object: 'chat.completion',
      created: about.created,
      model: RETURNED_MODEL,
      system_fingerprint: 'simulator-no-model',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: spoken.refusal === null ? content : null,
            refusal: spoken.refusal,
          },
          logprobs: null,
          finish_reason: isCut ? 'length' : 'stop',
        },
      ],
      usage: {
        prompt_tokens: about.promptTokens,
        completion_tokens: completionTokens,
        total_tokens: about.promptTokens + completionTokens,
      },
    }),
  };
}

const REFUSAL = "I'm sorry, but I can't assist with that request.";

interface Spoken {
  readonly content: string;
  readonly refusal: string | null;
  readonly fault: ContentFault | null;
}

function speak(
  request: ChatCompletionRequest,
  { seed, fault, firstOptionBias }: Parameters<typeof completeChat>[1],
  draw: number,
): Spoken {
  if (fault === 'refusal') {
    // Half of the providers say so in its own field, the others in prose.
    return unit(draw) < 0.5
      ? { content: '', refusal: REFUSAL, fault }
      : { content: REFUSAL, refusal: null, fault };
  }
  const { text, mistaken } = respond(request, { seed, firstOptionBias, mistake: fault === 'notAnOption' });
  if (fault === 'malformed') return { content: malformed(text, draw), refusal: null, fault };
  if (fault === 'truncated') {
    const kept = Math.floor(text.length * (0.2 + 0.7 * unit(draw)));
    return { content: cutAt(text, Math.max(1, kept)), refusal: null, fault };
  }
  return { content: text, refusal: null, fault: mistaken ? fault : null };
}
