import type { ThrottleStats } from '@panelist/toolkit';
import type { Budget } from '../../models/budget/budget.ts';
import type { ModelWait } from '../../models/model-throttles.ts';
import { type CallTime, type ModelUsage, noUsage } from '../../models/model-usage.ts';
import type { RunLimits } from './run-limits.ts';

/** What a run has asked of its models in this process. */
export interface Spending {
  readonly usage: Readonly<ModelUsage>;
  /** US dollars by the price table; `null` where a price is not known. */
  readonly costUsd: number | null;
  /** What other processes have spent on the run since this one began; `costUsd` is `null` where a price is not known. */
  readonly elsewhere: { readonly tokens: number; readonly costUsd: number | null };
  /** Which limit the run was paused for. */
  readonly exhausted: 'cost' | 'tokens' | undefined;
  /** What share of the calls' time was waiting for a provider: 0 to 1. */
  readonly waitingShare: number;
  /** What its calls wait for now; `undefined` where none does. */
  readonly waitingFor: ModelWait | undefined;
}

/** A model that a run asks. */
export interface SpendingModel {
  readonly budget: Budget;
  /** What its calls wait for now. */
  waitingFor(): ModelWait | undefined;
  /** The throttle of its account. */
  throttle(): ThrottleStats | undefined;
  /** Applies the run's rate and concurrency to the model's account. */
  setLimits(limits: RunLimits): void;
}

/** Counts what one run spends, and holds it to its limits: a survey's task, or a focus group with all its turns. */
export class RunAccount {
  readonly usage: ModelUsage = noUsage();
  readonly time: CallTime = { waitedMs: 0, inFlightMs: 0 };
  readonly #models: SpendingModel[] = [];
  /** The run was worked on before, and its models were closed: they are read until it goes on. */
  #hasEnded = false;
  #limits: RunLimits = {};

  /** @throws PanelistError `PRICE_UNKNOWN` where the run has a cost limit and the model no price */
  add(model: SpendingModel): void {
    apply(model, this.#limits);
    // What they spent, the new ones know from the store.
    if (this.#hasEnded) this.#models.length = 0;
    this.#hasEnded = false;
    this.#models.push(model);
  }

  /** @throws PanelistError `PRICE_UNKNOWN` where a model of the run has no price */
  configure(limits: RunLimits): void {
    this.#limits = limits;
    for (const model of this.#models) apply(model, limits);
  }

  /** The run isn't worked on any more, and its models are closed. */
  ended(): void {
    this.#hasEnded = true;
  }

  get spending(): Spending {
    const { waitedMs, inFlightMs } = this.time;
    return {
      usage: { ...this.usage },
      costUsd: this.#costUsd,
      elsewhere: this.#elsewhere,
      exhausted: this.#models.find(({ budget }) => budget.exhausted !== undefined)?.budget.exhausted,
      waitingShare: waitedMs === 0 ? 0 : waitedMs / (waitedMs + inFlightMs),
      waitingFor: this.#models
        .flatMap((model) => model.waitingFor() ?? [])
        .sort((a, b) => (b.forMs ?? 0) - (a.forMs ?? 0))[0],
    };
  }

  /** The throttles of its models' accounts. */
  get throttles(): readonly ThrottleStats[] {
    return this.#models.flatMap((model) => model.throttle() ?? []);
  }

  /** Reads what other processes have spent by now. */
  async refresh(): Promise<void> {
    await Promise.all(this.#models.map(({ budget }) => budget.refreshElsewhere()));
  }

  get #elsewhere(): Spending['elsewhere'] {
    return this.#models
      .map(({ budget }) => budget.spentElsewhere)
      .reduce(
        (sum, { tokens, costUsd }) => ({
          tokens: sum.tokens + tokens,
          costUsd: sum.costUsd === null || costUsd === null ? null : sum.costUsd + costUsd,
        }),
        { tokens: 0, costUsd: 0 },
      );
  }

  get #costUsd(): number | null {
    let sum = 0;
    for (const { budget } of this.#models) {
      if (budget.costUsd === null) return null;
      sum += budget.costUsd;
    }
    return sum;
  }
}

function apply(model: SpendingModel, limits: RunLimits): void {
  const { maxCostUsd, maxTokens } = limits;
  model.budget.setLimits({ maxCostUsd: maxCostUsd ?? undefined, maxTokens: maxTokens ?? undefined });
  model.setLimits(limits);
}
