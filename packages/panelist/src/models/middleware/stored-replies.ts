import { type Clock, ErrorHandler, systemClock, ToolkitError } from '@panelist/toolkit';
import type { Caller, ChatReply } from '../chat-model.ts';
import type { ModelUsage } from '../model-usage.ts';
import type { ReplyStore, StoredReply } from '../replies/reply-store.ts';
import { requestHash } from '../replies/request-hash.ts';
import type { ModelMiddleware } from './middleware.ts';

export interface StoredRepliesOptions {
  /** Names the model and who serves it, for the hash of a request. */
  readonly identity: string;
  readonly replies: ReplyStore;
  readonly usage: ModelUsage;
  /**
   * Whether an earlier process has run the task: then a stored reply without a task, as version 0.1 stored them, was
   * paid for by this one. @default none has
   */
  readonly hasPaid?: ((taskId: string) => Promise<boolean>) | undefined;
  /** Called with each reply that turns out to be paid for by an earlier run. */
  readonly onEarlier?: ((reply: ChatReply) => void) | undefined;
  /** Called with each new reply of a task before it is stored. */
  readonly onStoring?: ((reply: ChatReply) => void) | undefined;
  /** Whether a failure of the store ends by itself or is ended by somebody, and is waited for. @default that it is busy */
  readonly isWorthWaiting?: ((error: unknown) => boolean) | undefined;
  readonly clock?: Clock | undefined;
}

/** Replays a stored reply to the same request, and stores each new one before it hands it out: no reply is paid twice. */
export function storedReplies({
  identity,
  replies,
  usage,
  hasPaid = async () => false,
  onEarlier = () => {},
  onStoring = () => {},
  isWorthWaiting = isBusy,
  clock = systemClock,
}: StoredRepliesOptions): ModelMiddleware {
  // A reply that is paid for waits for the database, and fails nothing.
  const whileBusy = new ErrorHandler({
    clock,
    maxRetries: Number.POSITIVE_INFINITY,
    retryDelayMs: 100,
    maxDelayMs: 2_000,
    retryOn: isWorthWaiting,
  });
  const claim = async (hash: string, { reply }: StoredReply, caller: Caller): Promise<void> => {
    if (!(await hasPaid(caller.taskId))) return;
    if (await whileBusy.withRetry(() => replies.claim(hash, caller))) onEarlier(reply);
  };
  return (next) => ({
    ...next,
    identity,
    async reply(request, options) {
      const hash = requestHash(identity, request);
      const { signal, caller } = options;
      const stored = await whileBusy.withRetry(() => replies.find(hash), { signal });
      if (stored !== undefined) {
        if (stored.taskId === null && caller !== undefined) await claim(hash, stored, caller);
        usage.replayed += 1;
        await eventLoopTurn();
        return stored.reply;
      }
      const reply = await next.reply(request, options);
      const call = { requestHash: hash, request, reply, caller: caller ?? null };
      if (caller !== undefined) onStoring(reply);
      await whileBusy.withRetry(() => replies.add(call), { signal });
      await eventLoopTurn();
      return reply;
    },
    withdraw: (request) => replies.withdraw(requestHash(identity, request)),
  });
}

/** Another program may have locked it. */
function isBusy(error: unknown): boolean {
  return error instanceof ToolkitError && error.code === 'STORE_BUSY';
}

const waiting: (() => void)[] = [];
let first = 0;

/**
 * Resolves in a turn of the event loop of its own. Between two turns Node reads what has arrived and commits it, so a reply
 * does not wait until a hundred interviews have written their next prompts.
 */
function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) - first === 1) setImmediate(resolveNext);
  });
}

function resolveNext(): void {
  waiting[first++]!();
  if (first < waiting.length) {
    setImmediate(resolveNext);
    return;
  }
  waiting.length = 0;
  first = 0;
}
