import type { Caller, ChatReply, ChatRequest } from '../chat-model.ts';

/** A reply with all that is known of its call, as it is stored. */
export interface NewReply {
  /** SHA-256 of everything that determines the reply (`request-hash.ts`). */
  readonly requestHash: string;
  readonly request: ChatRequest;
  readonly reply: ChatReply;
  /** `null` outside a task. */
  readonly caller: Caller | null;
}

export interface StoredReply {
  readonly reply: ChatReply;
  /** The task that it was paid for; `null` outside a task, and where version 0.1 stored it. */
  readonly taskId: string | null;
}

export interface StoredCall extends StoredReply {
  /** `null` where version 0.1 stored the reply, for a request of more than `LONGEST_REQUEST_CHARS`, or not in Unicode. */
  readonly request: ChatRequest | null;
}

/** What stored replies took of their models. */
export interface RepliesSpending {
  readonly replies: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** How many of the replies have estimated tokens, since the provider did not report them. */
  readonly estimatedReplies: number;
}

/** Characters of a request that is stored with its reply, messages and schema together. */
export const LONGEST_REQUEST_CHARS = 1_000_000;

/**
 * Stores every model call that was paid for, request and reply, under the hash of everything that determines the reply.
 * A promise resolves after what it did is durable.
 */
export interface ReplyStore {
  /** @throws PanelistError `ROW_INVALID` */
  find(requestHash: string): Promise<StoredReply | undefined>;
  /** The reply with its request. @throws PanelistError `ROW_INVALID`, also for a request that does not fit its hash */
  call(requestHash: string, modelIdentity: string): Promise<StoredCall | undefined>;
  /** The first reply that is stored under a hash stays. */
  add(reply: NewReply): Promise<void>;
  /** The reply isn't found any more, so that the model is asked again. What it took still counts as spent. */
  withdraw(requestHash: string): Promise<void>;
  /** Attributes a reply without a task to one; returns whether it did. */
  claim(requestHash: string, caller: Caller): Promise<boolean>;
  /** What all replies of these tasks took, in any process, withdrawn ones included. */
  spentBy(taskIds: readonly string[]): Promise<RepliesSpending>;
  /** How many replies each item of a task has, by its key; items without a reply are absent. */
  countByItem(taskId: string): Promise<ReadonlyMap<string, number>>;
}
