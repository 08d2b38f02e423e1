import { classify } from '@panelist/toolkit';
import type { ChatModel, ChatReply, ChatRequest, ReplyOptions } from '../chat-model.ts';
import type { Budget } from './budget.ts';

/**
 * Counts what each attempt takes. It stands where the reply arrives, so that one that comes when the caller has given
 * up waiting is counted too.
 */
export class MeteredModel implements ChatModel {
  readonly id: string;
  readonly #model: ChatModel;
  readonly #budget: Budget;

  constructor(model: ChatModel, budget: Budget) {
    this.id = model.id;
    this.#model = model;
    this.#budget = budget;
  }

  async reply(request: ChatRequest, options: ReplyOptions): Promise<ChatReply> {
    options.signal.throwIfAborted();
    try {
      const reply = await this.#model.reply(request, options);
      this.#budget.count(request, reply);
      return reply;
    } catch (error) {
      if (mayBeBilled(error)) this.#budget.countUnanswered(request);
      throw error;
    }
  }
}

/** No connection came about, so that nothing was sent. */
const NEVER_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * A request that the server has answered with an error is not billed; one that timed out, was aborted or whose reply
 * broke off or could not be read may have been, since the model worked.
 */
function mayBeBilled(error: unknown): boolean {
  const { kind, status, code } = classify(error);
  if (status !== undefined) return status < 300;
  if (code !== undefined && NEVER_SENT.has(code)) return false;
  return kind === 'abort' || kind === 'timeout' || kind === 'network' || kind === 'server';
}
