import type { ChatModel, ChatReply, ChatRequest, ReplyOptions } from '../chat-model.ts';
import type { Budget } from './budget.ts';

/** Sends only what is within the budget. Belongs around all attempts of a call, with a `MeteredModel` around each. */
export class BudgetedModel implements ChatModel {
  readonly id: string;
  readonly #model: ChatModel;
  readonly #budget: Budget;

  constructor(model: ChatModel, budget: Budget) {
    this.id = model.id;
    this.#model = model;
    this.#budget = budget;
  }

  async reply(request: ChatRequest, options: ReplyOptions): Promise<ChatReply> {
    const release = await this.#budget.reserve(request, options);
    try {
      return await this.#model.reply(request, options);
    } finally {
      release();
    }
  }
}
