import type { Budget } from '../../models/budget/budget.ts';
import type { ModelWait } from '../../models/model-throttles.ts';
import { type CallTime, type ModelUsage, noUsage } from '../../models/model-usage.ts';

/** What a run has asked of its models in this process. */
export interface Spending {
  readonly usage: Readonly<ModelUsage>;
  /** US dollars by the price table; `null` where a price is not known. */
  readonly costUsd: number | null;
  /** Which limit the run was paused for. */
  readonly exhausted: 'cost' | 'tokens' | undefined;
  /** What share of the calls' time was waiting for a provider: 0 to 1. */
  readonly waitingShare: number;
  /** What its calls wait for now; `undefined` where none does. */
  readonly waitingFor: ModelWait | undefined;
}

/** Counts what one run spends: a survey's task, or a focus group with all its turns. */
export class RunAccount {
  readonly usage: ModelUsage = noUsage();
  readonly time: CallTime = { waitedMs: 0, inFlightMs: 0 };
  readonly #budgets: Budget[] = [];
  /** Of the accounts at providers that its calls go to. */
  readonly #waits: (() => ModelWait | undefined)[] = [];

  add(budget: Budget, waitingFor: () => ModelWait | undefined): void {
    this.#budgets.push(budget);
    this.#waits.push(waitingFor);
  }

  get spending(): Spending {
    const { waitedMs, inFlightMs } = this.time;
    return {
      usage: { ...this.usage },
      costUsd: this.#costUsd,
      exhausted: this.#budgets.find(({ exhausted }) => exhausted !== undefined)?.exhausted,
      waitingShare: waitedMs === 0 ? 0 : waitedMs / (waitedMs + inFlightMs),
      waitingFor: this.#waits
        .flatMap((waitingFor) => waitingFor() ?? [])
        .sort((a, b) => (b.forMs ?? 0) - (a.forMs ?? 0))[0],
    };
  }

  get #costUsd(): number | null {
    let sum = 0;
    for (const { costUsd } of this.#budgets) {
      if (costUsd === null) return null;
      sum += costUsd;
    }
    return sum;
  }
}
