import type { ChatReply } from '../chat-model.ts';

/** A reply as a model of a test gives it. */
export function chatReply(text: string, given: Partial<ChatReply> = {}): ChatReply {
  return {
    text,
    finishReason: 'stop',
    returnedModel: 'm',
    inputTokens: 10,
    outputTokens: 5,
    elapsedMs: 1,
    ...given,
  };
}
