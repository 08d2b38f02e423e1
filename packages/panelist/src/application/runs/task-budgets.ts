import type { TaskManager } from '@panelist/toolkit';
import { Budget, type BudgetLimits } from '../../models/budget/budget.ts';
import type { PriceTable, TokenCount } from '../../models/budget/price-table.ts';

/**
 * One budget a survey, or a focus group's model. The limits are for the whole: a run that takes it up again counts
 * first what its stored replies took, so that the same command with the same limit spends nothing more.
 */
export class TaskBudgets {
  readonly #tasks: TaskManager;
  readonly #limits: BudgetLimits;
  readonly #prices: PriceTable;
  readonly #openedAt = Date.now();

  constructor(tasks: TaskManager, limits: BudgetLimits, prices: PriceTable) {
    this.#tasks = tasks;
    this.#limits = limits;
    this.#prices = prices;
  }

  /** @throws PanelistError `PRICE_UNKNOWN` where there is a cost limit and no price for the model */
  check(modelId: string): void {
    if (this.#limits.maxCostUsd !== undefined) this.#prices.requirePrice(modelId);
  }

  /**
   * @param spentBefore what the stored replies of earlier runs took of the model
   * @throws PanelistError `PRICE_UNKNOWN`, as `check`
   */
  async budgetOf(model: string, spentBefore: () => Promise<TokenCount>): Promise<Budget> {
    this.check(model);
    const { maxCostUsd, maxTokens } = this.#limits;
    const isLimited = maxCostUsd !== undefined || maxTokens !== undefined;
    return new Budget({
      ...this.#limits,
      price: this.#prices.priceOf(model),
      spentBefore: isLimited ? await spentBefore() : undefined,
    });
  }

  /** Whether a process before this one has run the task. */
  async hadRuns(taskId: string): Promise<boolean> {
    const startedAt = (await this.#tasks.store.get(taskId))?.startedAt ?? null;
    return startedAt !== null && startedAt < this.#openedAt;
  }
}
