import { hashText } from '../random/hash-draws.ts';
import { respond } from '../simulator/respondent/respond.ts';
import type { ChatModel, ChatReply, ChatRequest } from './chat-model.ts';
import { estimateRequestTokens, estimateTokens } from './tokens.ts';

/**
 * Replies without a call, as the simulator does: by rule, from the prompt, its schema and a seed. So answers fit their
 * questions and take the paths that a model's would. They mean nothing. Tokens are estimates.
 */
export class StubModel implements ChatModel {
  readonly id: string;
  /** Its requests and replies, in order. */
  readonly calls: { readonly request: ChatRequest; readonly reply: ChatReply }[] = [];
  readonly #seed: number;

  constructor(id: string, seed: number) {
    this.id = id;
    this.#seed = seed;
  }

  async reply(request: ChatRequest): Promise<ChatReply> {
    const { messages, replySchema, replicate = 0 } = request;
    const { text } = respond(
      {
        model: this.id,
        messages,
        response_format: replySchema && { type: 'json_schema', json_schema: replySchema },
        seed: hashText(`${this.#seed} ${replicate}`),
      },
      { seed: this.#seed, mistake: false, firstOptionBias: 0 },
    );
    const reply: ChatReply = {
      text,
      finishReason: 'stop',
      returnedModel: this.id,
      inputTokens: estimateRequestTokens(request),
      outputTokens: estimateTokens(text),
      elapsedMs: 0,
    };
    this.calls.push({ request, reply });
    return reply;
  }
}
