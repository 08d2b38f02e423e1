import type { ErrorHandler } from '@panelist/toolkit';
import type { ChatModel, ChatReply, ChatRequest, ReplyOptions } from './chat-model.ts';
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

  async reply(request: ChatRequest, { signal, draining }: ReplyOptions): Promise<ChatReply> {
    draining?.throwIfAborted();
    const call = new CallSignal(signal, draining);
    try {
      const reply = await this.#errorHandler.withRetry(
        (attempt) =>
          call.attempt(() => {
            draining?.throwIfAborted();
            this.#usage.requests += 1;
            return this.#model.reply(request, attempt);
          }),
        {
          signal: call.signal,
          onRetry: () => {
            this.#usage.retries += 1;
          },
        },
      );
      this.#usage.inputTokens += reply.inputTokens;
      this.#usage.outputTokens += reply.outputTokens;
      return reply;
    } finally {
      call.end();
    }
  }
}

/**
 * The signal of one call: it follows the caller's, and ends the wait between two attempts, but never an attempt, when
 * draining begins. A server may have asked to wait for minutes; and what has been sent is paid for.
 */
class CallSignal {
  readonly #caller: AbortSignal;
  readonly #draining: AbortSignal | undefined;
  readonly #controller = new AbortController();
  #attempting = false;

  constructor(caller: AbortSignal, draining: AbortSignal | undefined) {
    this.#caller = caller;
    this.#draining = draining;
    caller.addEventListener('abort', this.#follow);
    draining?.addEventListener('abort', this.#endWait);
    if (caller.aborted) this.#follow();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async attempt<T>(send: () => Promise<T>): Promise<T> {
    this.#attempting = true;
    try {
      return await send();
    } catch (error) {
      this.#attempting = false;
      if (this.#draining?.aborted) this.#endWait();
      throw error;
    }
  }

  end(): void {
    this.#caller.removeEventListener('abort', this.#follow);
    this.#draining?.removeEventListener('abort', this.#endWait);
  }

  readonly #follow = (): void => this.#controller.abort(this.#caller.reason);

  readonly #endWait = (): void => {
    if (!this.#attempting) this.#controller.abort(this.#draining?.reason);
  };
}
