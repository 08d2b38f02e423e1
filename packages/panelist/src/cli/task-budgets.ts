import type { TaskManager } from '@panelist/toolkit';
import { Budget, type BudgetLimits } from '../models/budget/budget.ts';
import type { PriceTable } from '../models/budget/price-table.ts';
import type { ChatModel } from '../models/chat-model.ts';
import { spentTokens } from '../survey/spent-tokens.ts';
import type { SurveyTaskParams } from '../survey/survey-job.ts';

/**
 * One budget a task. The limits are for the whole task: a run that takes it up again counts first what the task's kept
 * replies took (`spentTokens`), so that the same command with the same limit spends nothing more.
 */
export class TaskBudgets {
  readonly #tasks: TaskManager;
  readonly #limits: BudgetLimits;
  readonly #prices: PriceTable;
  readonly #opened: Budget[] = [];
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
   * @param kept answers with what is kept, and rejects where nothing is
   * @throws PanelistError `PRICE_UNKNOWN`, as `check`
   */
  async budgetOf(taskId: string, params: SurveyTaskParams, kept: ChatModel): Promise<Budget> {
    this.check(params.model);
    const { maxCostUsd, maxTokens } = this.#limits;
    const isLimited = maxCostUsd !== undefined || maxTokens !== undefined;
    const hadRuns = isLimited && (await this.#hadRuns(taskId));
    const budget = new Budget({
      ...this.#limits,
      price: this.#prices.priceOf(params.model),
      spentBefore: hadRuns ? await spentTokens(this.#tasks, taskId, params, kept) : undefined,
    });
    this.#opened.push(budget);
    return budget;
  }

  /** What a task's first run finds kept was paid for by another task, and is not held against this one. */
  async #hadRuns(taskId: string): Promise<boolean> {
    const startedAt = (await this.#tasks.store.get(taskId))?.startedAt ?? null;
    return startedAt !== null && startedAt < this.#openedAt;
  }

  /** US dollars that this process has spent; `null` where a price is not known. */
  get costUsd(): number | null {
    let sum = 0;
    for (const { costUsd } of this.#opened) {
      if (costUsd === null) return null;
      sum += costUsd;
    }
    return sum;
  }

  /** Which limit has ended a run. */
  get exhausted(): 'cost' | 'tokens' | undefined {
    return this.#opened.find(({ exhausted }) => exhausted !== undefined)?.exhausted;
  }
}
