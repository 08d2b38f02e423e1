import { type Clock, ErrorHandler, systemClock, ToolkitError } from '@panelist/toolkit';
import type { AnswerStore } from './answer-store.ts';
import type { ChatModel, ChatReply, ChatRequest, ReplyOptions } from './chat-model.ts';
import { eventLoopTurn } from './event-loop-turn.ts';
import type { ModelUsage } from './model-usage.ts';
import { requestHash } from './request-hash.ts';

/**
 * Answers a question that was asked before with the reply that was kept, and keeps each new one before handing it
 * out: a paid answer is never paid twice.
 */
export class ReplayingModel implements ChatModel {
  readonly id: string;
  readonly #identity: string;
  readonly #model: ChatModel;
  readonly #answers: AnswerStore;
  readonly #usage: ModelUsage;
  /** Another program may have locked the database: a reply that is paid for waits for it, and fails nothing. */
  readonly #whileBusy: ErrorHandler;

  /** @param identity names the model and who serves it, for `requestHash`. */
  constructor(
    identity: string,
    model: ChatModel,
    answers: AnswerStore,
    usage: ModelUsage,
    clock: Clock = systemClock,
  ) {
    this.id = model.id;
    this.#identity = identity;
    this.#model = model;
    this.#answers = answers;
    this.#usage = usage;
    this.#whileBusy = new ErrorHandler({
      clock,
      maxRetries: Number.POSITIVE_INFINITY,
      retryDelayMs: 100,
      maxDelayMs: 2_000,
      retryOn: (error) => error instanceof ToolkitError && error.code === 'STORE_BUSY',
    });
  }

  async reply(request: ChatRequest, options: ReplyOptions): Promise<ChatReply> {
    const hash = requestHash(this.#identity, request);
    const { signal } = options;
    const kept = await this.#whileBusy.withRetry(() => this.#answers.get(hash), { signal });
    if (kept !== undefined) {
      this.#usage.replayed += 1;
      await eventLoopTurn();
      return kept;
    }
    const reply = await this.#model.reply(request, options);
    await this.#whileBusy.withRetry(() => this.#answers.keep(hash, reply), { signal });
    await eventLoopTurn();
    return reply;
  }

  async forget(request: ChatRequest): Promise<void> {
    await this.#answers.forget(requestHash(this.#identity, request));
  }
}
