import type { Caller } from '../chat-model.ts';
import type { NewReply, RepliesSpending, ReplyStore, StoredCall, StoredReply } from './reply-store.ts';

type Entry = Omit<NewReply, 'requestHash'>;

/** Stores replies as long as the process lives: for tests, and for programs without a database. */
export class MemoryReplyStore implements ReplyStore {
  readonly #current = new Map<string, Entry>();
  readonly #withdrawn: Entry[] = [];

  async find(requestHash: string): Promise<StoredReply | undefined> {
    const entry = this.#current.get(requestHash);
    return entry && { reply: entry.reply, taskId: entry.caller?.taskId ?? null };
  }

  async call(requestHash: string): Promise<StoredCall | undefined> {
    const entry = this.#current.get(requestHash);
    return entry && { reply: entry.reply, taskId: entry.caller?.taskId ?? null, request: entry.request };
  }

  async add({ requestHash, ...entry }: NewReply): Promise<void> {
    if (!this.#current.has(requestHash)) this.#current.set(requestHash, entry);
  }

  async withdraw(requestHash: string): Promise<void> {
    const entry = this.#current.get(requestHash);
    if (entry !== undefined) this.#withdrawn.push(entry);
    this.#current.delete(requestHash);
  }

  async claim(requestHash: string, caller: Caller): Promise<boolean> {
    const entry = this.#current.get(requestHash);
    if (entry === undefined || entry.caller !== null) return false;
    this.#current.set(requestHash, { ...entry, caller });
    return true;
  }

  async spentBy(taskIds: readonly string[]): Promise<RepliesSpending> {
    const spent = { replies: 0, inputTokens: 0, outputTokens: 0, estimatedReplies: 0 };
    for (const { reply, caller } of this.#entries()) {
      if (caller === null || !taskIds.includes(caller.taskId)) continue;
      spent.replies += 1;
      spent.inputTokens += reply.inputTokens;
      spent.outputTokens += reply.outputTokens;
      spent.estimatedReplies += reply.isEstimated === true ? 1 : 0;
    }
    return spent;
  }

  async countByItem(taskId: string): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const { caller } of this.#entries()) {
      if (caller?.taskId === taskId) counts.set(caller.itemKey, (counts.get(caller.itemKey) ?? 0) + 1);
    }
    return counts;
  }

  #entries(): readonly Entry[] {
    return [...this.#current.values(), ...this.#withdrawn];
  }
}
