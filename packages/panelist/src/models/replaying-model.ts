import { type Clock, ErrorHandler, systemClock, ToolkitError } from '@panelist/toolkit';
import type { ChatModel, ChatReply, ChatRequest, ReplyOptions } from './chat-model.ts';
import { eventLoopTurn } from './event-loop-turn.ts';
import type { ModelUsage } from './model-usage.ts';
import type { Caller, ReplyStore, StoredReply } from './replies/reply-store.ts';
import { requestHash } from './replies/request-hash.ts';

export interface ReplayingOptions {
  /** Names the model and who serves it, for the hash of a request. */
  readonly identity: string;
  readonly replies: ReplyStore;
  readonly usage: ModelUsage;
  /**
   * A stored reply that no task has paid for is about to be replayed, as version 0.1 stored them: whether the task
   * had been run before, so that it is the one that paid. @default no task had
   */
  readonly hasPaid?: ((taskId: string) => Promise<boolean>) | undefined;
  /** Hears of each reply that turned out to be paid for by an earlier run. */
  readonly onEarlier?: ((reply: ChatReply) => void) | undefined;
  readonly clock?: Clock | undefined;
}

/** Replays a stored reply to the same request, and stores each new one before it hands it out: no reply is paid twice. */
export class ReplayingModel implements ChatModel {
  readonly id: string;
  readonly identity: string;
  readonly #model: ChatModel;
  readonly #options: ReplayingOptions;
  /** Another program may have locked the database: a reply that is paid for waits for it, and fails nothing. */
  readonly #whileBusy: ErrorHandler;

  constructor(model: ChatModel, options: ReplayingOptions) {
    this.id = model.id;
    this.identity = options.identity;
    this.#model = model;
    this.#options = options;
    this.#whileBusy = new ErrorHandler({
      clock: options.clock ?? systemClock,
      maxRetries: Number.POSITIVE_INFINITY,
      retryDelayMs: 100,
      maxDelayMs: 2_000,
      retryOn: (error) => error instanceof ToolkitError && error.code === 'STORE_BUSY',
    });
  }

  async reply(request: ChatRequest, options: ReplyOptions): Promise<ChatReply> {
    const { replies, usage } = this.#options;
    const hash = requestHash(this.identity, request);
    const { signal, caller } = options;
    const stored = await this.#whileBusy.withRetry(() => replies.find(hash), { signal });
    if (stored !== undefined) {
      if (stored.taskId === null && caller !== undefined) await this.#claim(hash, stored, caller);
      usage.replayed += 1;
      await eventLoopTurn();
      return stored.reply;
    }
    const reply = await this.#model.reply(request, options);
    const call = { requestHash: hash, request, reply, caller: caller ?? null };
    await this.#whileBusy.withRetry(() => replies.add(call), { signal });
    await eventLoopTurn();
    return reply;
  }

  async withdraw(request: ChatRequest): Promise<void> {
    await this.#options.replies.withdraw(requestHash(this.identity, request));
  }

  async #claim(hash: string, { reply }: StoredReply, caller: Caller): Promise<void> {
    const { replies, hasPaid, onEarlier } = this.#options;
    if (!(await hasPaid?.(caller.taskId))) return;
    if (await this.#whileBusy.withRetry(() => replies.claim(hash, caller))) onEarlier?.(reply);
  }
}
