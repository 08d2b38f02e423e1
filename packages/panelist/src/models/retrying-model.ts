import type { ErrorHandler } from '@panelist/toolkit';
import type { ChatModel, ChatReply, ChatRequest } from './chat-model.ts';
import type { ModelUsage } from './model-usage.ts';

/** Puts every call to a model through one `ErrorHandler`, and counts what it took. */
export class RetryingModel implements ChatModel {
  readonly id: string;
  readonly #model: ChatModel;
  readonly #errorHandler: ErrorHandler;
  readonly #usage: ModelUsage;

  constructor(model: ChatModel, errorHandler: ErrorHandler, usage: ModelUsage) {
    this.id = model.id;
    this.#model = model;
    this.#errorHandler = errorHandler;
    this.#usage = usage;
  }

  async reply(request: ChatRequest, { signal }: { readonly signal: AbortSignal }): Promise<ChatReply> {
    const reply = await this.#errorHandler.withRetry(
      (attempt) => {
        this.#usage.requests += 1;
        return this.#model.reply(request, attempt);
      },
      {
        signal,
        onRetry: () => {
          this.#usage.retries += 1;
        },
      },
    );
    this.#usage.inputTokens += reply.inputTokens;
    this.#usage.outputTokens += reply.outputTokens;
    return reply;
  }
}
