import { type Clock, classify, type ErrorHandler, type ErrorKind, systemClock } from '@panelist/toolkit';
import type { ChatModel, ChatReply, ChatRequest, ReplyOptions } from './chat-model.ts';
import type { CallTime, ModelUsage } from './model-usage.ts';
import { schemaText } from './replies/request-hash.ts';
import { estimateTokens } from './tokens.ts';

const REFUSALS: ReadonlySet<ErrorKind> = new Set(['rate-limit', 'overloaded', 'quota']);

/** Puts every call to a model through one `ErrorHandler`, and counts what it took. */
export class RetryingModel implements ChatModel {
  readonly id: string;
  readonly #model: ChatModel;
  readonly #errorHandler: ErrorHandler;
  readonly #usage: ModelUsage;
  readonly #time: CallTime;
  readonly #clock: Clock;

  /** Counts in `usage` and `time`. */
  constructor(
    model: ChatModel,
    errorHandler: ErrorHandler,
    usage: ModelUsage,
    time: CallTime = { waitedMs: 0, inFlightMs: 0 },
    clock: Clock = systemClock,
  ) {
    this.id = model.id;
    this.#model = model;
    this.#errorHandler = errorHandler;
    this.#usage = usage;
    this.#time = time;
    this.#clock = clock;
  }

  async reply(
    request: ChatRequest,
    { signal, draining, caller, priority }: ReplyOptions,
  ): Promise<ChatReply> {
    draining?.throwIfAborted();
    const call = new CallSignal(signal, draining);
    let attempts = 0;
    const startedAt = this.#clock.monotonic();
    let inFlightMs = 0;
    try {
      const reply = await this.#errorHandler.withRetry(
        (attempt) =>
          call.attempt(() => {
            draining?.throwIfAborted();
            attempts += 1;
            this.#usage.requests += 1;
            if (attempt.attempt > 0) this.#usage.retries += 1;
            const sentAt = this.#clock.monotonic();
            return this.#send(request, attempt).finally(() => {
              inFlightMs += this.#clock.monotonic() - sentAt;
            });
          }),
        { signal: call.signal, tokens: estimateRequestTokens(request), group: caller?.taskId, priority },
      );
      this.#usage.inputTokens += reply.inputTokens;
      this.#usage.outputTokens += reply.outputTokens;
      return { ...reply, attempts };
    } finally {
      call.end();
      this.#time.inFlightMs += inFlightMs;
      // An attempt that was given up may still be under way.
      this.#time.waitedMs += Math.max(0, this.#clock.monotonic() - startedAt - inFlightMs);
    }
  }

  async #send(request: ChatRequest, options: ReplyOptions): Promise<ChatReply> {
    try {
      return await this.#model.reply(request, options);
    } catch (error) {
      if (REFUSALS.has(classify(error).kind)) this.#usage.refusals += 1;
      throw error;
    }
  }
}

/** The prompt and its schema. What the reply will take is learned by the throttle, in proportion. */
export function estimateRequestTokens(request: ChatRequest): number {
  const known = estimates.get(request);
  if (known !== undefined) return known;
  const { messages, replySchema } = request;
  let tokens = replySchema === null ? 0 : estimateTokens(schemaText(replySchema));
  for (const { content } of messages) tokens += estimateTokens(content);
  estimates.set(request, tokens);
  return tokens;
}

const estimates = new WeakMap<ChatRequest, number>();

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
