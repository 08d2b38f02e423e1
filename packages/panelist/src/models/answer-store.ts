import type { ChatReply } from './chat-model.ts';

/** Keeps every reply that was paid for, under the hash of all that determines it (`request-hash.ts`). */
export interface AnswerStore {
  get(requestHash: string): Promise<ChatReply | undefined>;
  /** Resolves after the reply is durable. The first reply kept under a hash stays. */
  keep(requestHash: string, reply: ChatReply): Promise<void>;
  /** Takes a reply back, if there is one. */
  forget(requestHash: string): Promise<void>;
}
