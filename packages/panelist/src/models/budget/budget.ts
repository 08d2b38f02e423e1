import { PanelistError } from '../../panelist-error.ts';
import { formatUsd } from '../../text/usd.ts';
import type { ChatReply, ChatRequest, ReplyOptions } from '../chat-model.ts';
import { CallForecast, tokensOf } from './call-forecast.ts';
import { costOf, type ModelPrice, type TokenCount } from './price-table.ts';
import type { SpentElsewhere } from './spent-elsewhere.ts';

export interface BudgetLimits {
  /** US dollars. @default no limit */
  readonly maxCostUsd?: number | undefined;
  /** Of requests and replies together. @default no limit */
  readonly maxTokens?: number | undefined;
}

export interface BudgetOptions extends BudgetLimits {
  /** Must be known where there is a `maxCostUsd`: `PriceTable.requirePrice`. */
  readonly price: ModelPrice | undefined;
  /** Tokens that earlier runs have spent of the same limits; `countEarlier` adds to it. @default none */
  readonly spentBefore?: TokenCount | undefined;
  /** What other processes spend of the same limits meanwhile. @default none does */
  readonly elsewhere?: SpentElsewhere | undefined;
}

/** From this share of a limit on, what others have spent is read before a call is sent, and not only every second. */
const NEAR = 0.9;
/** Also after so much of the limit was spent here: others may have spent many times that meanwhile. */
const MUCH = 0.01;

interface Amount {
  readonly tokens: number;
  readonly costUsd: number;
}

interface Waiting {
  readonly request: ChatRequest;
  readonly admit: (release: () => void) => void;
  readonly refuse: (error: unknown) => void;
}

/**
 * What may be spent, and what has been. A call reserves what it is forecast to take (`CallForecast`) before it is
 * sent, and what it really took is counted when its reply comes. A call that would pass the limit waits while others are in
 * flight, since they may take less than was reserved. Once none is in flight, the budget is exhausted and all waiting calls
 * are refused. So the limit is overshot by no more than the calls in flight take beyond their forecast.
 *
 * Where other processes work on the same run (`elsewhere`), what they have spent counts as well: as of the last second, and
 * as of this moment where that is too old: once nine tenths of the limit are used, what others spend in two seconds would pass
 * it, or a hundredth of it was spent here since. What they reserve is not known here. So all processes together overshoot the limit by no more than what their calls in flight
 * take at the moment when it is reached.
 *
 * Counted as spent: every reply; and every request that was sent and had none, by its forecast, since the provider
 * may have served it (`metered`). Nothing of this is stored: `spentBefore` is the sum of the stored replies.
 */
export class Budget {
  readonly #price: ModelPrice | undefined;
  readonly #forecast = new CallForecast();
  readonly #elsewhere: SpentElsewhere | undefined;
  readonly #waiting = new Set<Waiting>();
  #before: TokenCount;
  #inputTokens = 0;
  #outputTokens = 0;
  #reserved: Amount = { tokens: 0, costUsd: 0 };
  #spentHereAtRead: Amount = { tokens: 0, costUsd: 0 };
  #inFlight = 0;
  #exhausted: 'cost' | 'tokens' | undefined;
  #limits: BudgetLimits = {};

  constructor(options: BudgetOptions) {
    this.#price = options.price;
    this.#before = options.spentBefore ?? { inputTokens: 0, outputTokens: 0 };
    this.#elsewhere = options.elsewhere;
    this.setLimits(options);
  }

  /**
   * Replaces the limits. Calls that wait for the old ones are let through as far as the new ones allow.
   *
   * @throws PanelistError `PRICE_UNKNOWN` for a cost limit without a price
   */
  setLimits({ maxCostUsd, maxTokens }: BudgetLimits): void {
    if (maxCostUsd !== undefined && this.#price === undefined)
      throw new PanelistError('PRICE_UNKNOWN', 'A cost limit needs the price of the model.');
    if (maxCostUsd === this.#limits.maxCostUsd && maxTokens === this.#limits.maxTokens) return;
    this.#limits = { maxCostUsd, maxTokens };
    this.#exhausted = undefined;
    this.#admitWhenKnown();
  }

  /** By this run. */
  get spent(): TokenCount {
    return { inputTokens: this.#inputTokens, outputTokens: this.#outputTokens };
  }

  /** US dollars, by this run; `null` where the price is not known and something was spent. */
  get costUsd(): number | null {
    if (this.#inputTokens + this.#outputTokens === 0) return 0;
    return this.#price === undefined ? null : costOf(this.spent, this.#price);
  }

  /** Which limit has refused a call. */
  get exhausted(): 'cost' | 'tokens' | undefined {
    return this.#exhausted;
  }

  /**
   * Waits until the call is within the budget. The returned function releases the reservation: call it when the call has
   * ended and been counted.
   *
   * @throws PanelistError `BUDGET_EXHAUSTED`, the reason of a signal that aborts, or the store's error where what others
   *   have spent cannot be read
   */
  async reserve(
    request: ChatRequest,
    { signal, draining }: Pick<ReplyOptions, 'signal' | 'draining'>,
  ): Promise<() => void> {
    signal.throwIfAborted();
    draining?.throwIfAborted();
    if (!this.#isLimited) return () => {};
    const { promise, resolve, reject } = Promise.withResolvers<() => void>();
    const waiting: Waiting = { request, admit: resolve, refuse: reject };
    const leave = (): void => {
      if (!this.#waiting.delete(waiting)) return;
      reject(signal.aborted ? signal.reason : draining?.reason);
      // The next waiting call may need less.
      this.#admitWhenKnown();
    };
    this.#waiting.add(waiting);
    signal.addEventListener('abort', leave);
    draining?.addEventListener('abort', leave);
    this.#admitWhenKnown();
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', leave);
      draining?.removeEventListener('abort', leave);
    }
  }

  /** A reply has come. */
  count(request: ChatRequest, reply: ChatReply): void {
    const tokens = tokensOf(request, reply);
    this.#add(tokens);
    if (this.#isLimited) this.#forecast.learn(request, tokens);
  }

  /** A request was sent and no reply came. The provider may have served it, and bill it. */
  countUnanswered(request: ChatRequest): void {
    this.#add(this.#forecast.of(request));
  }

  /** A stored reply turns out to be paid for by an earlier run. */
  countEarlier({ inputTokens, outputTokens }: TokenCount): void {
    this.#before = {
      inputTokens: this.#before.inputTokens + inputTokens,
      outputTokens: this.#before.outputTokens + outputTokens,
    };
    this.#elsewhere?.storing({ inputTokens, outputTokens });
  }

  /** A reply that was counted is about to be stored: from now on it may be part of what is read of all processes. */
  countStoring({ inputTokens, outputTokens }: TokenCount): void {
    this.#elsewhere?.storing({ inputTokens, outputTokens });
  }

  get #isLimited(): boolean {
    return this.#limits.maxCostUsd !== undefined || this.#limits.maxTokens !== undefined;
  }

  #add({ inputTokens, outputTokens }: TokenCount): void {
    this.#inputTokens += inputTokens;
    this.#outputTokens += outputTokens;
  }

  /** Admits what may be sent, by what others have spent up to now where that matters. */
  #admitWhenKnown(): void {
    const elsewhere = this.#elsewhere;
    if (elsewhere === undefined || this.#waiting.size === 0) this.#admit();
    else if (this.#mustKnow(elsewhere)) {
      const spentHere = this.#amount(this.spent);
      elsewhere.refreshed().then(
        () => {
          this.#spentHereAtRead = spentHere;
          this.#admit();
        },
        (error: unknown) => this.#refuse(error),
      );
    } else {
      elsewhere.refreshIfDue();
      this.#admit();
    }
  }

  #mustKnow(elsewhere: SpentElsewhere): boolean {
    const { maxCostUsd = Infinity, maxTokens = Infinity } = this.#limits;
    const used = sum(this.#spentInAll, this.#reserved);
    const here = this.#amount(this.spent);
    const grown = this.#amount(elsewhere.grown);
    const isNear = (limit: number, of: 'costUsd' | 'tokens'): boolean =>
      used[of] + 2 * grown[of] >= limit ||
      used[of] >= NEAR * limit ||
      here[of] - this.#spentHereAtRead[of] > MUCH * limit;
    return elsewhere.isOutdated || isNear(maxCostUsd, 'costUsd') || isNear(maxTokens, 'tokens');
  }

  #admit(): void {
    for (const waiting of this.#waiting) {
      const amount = this.#amount(this.#forecast.of(waiting.request));
      const passed = this.#passedBy(amount);
      if (passed !== undefined) {
        if (this.#inFlight === 0) this.#refuseAll(passed, amount);
        return;
      }
      this.#waiting.delete(waiting);
      waiting.admit(this.#take(amount));
    }
  }

  #take(amount: Amount): () => void {
    this.#inFlight += 1;
    this.#reserved = sum(this.#reserved, amount);
    return () => {
      this.#inFlight -= 1;
      // Set to 0 at the end, not subtracted: fractions of dollars do not add up to exactly 0.
      this.#reserved =
        this.#inFlight === 0
          ? { tokens: 0, costUsd: 0 }
          : sum(this.#reserved, { tokens: -amount.tokens, costUsd: -amount.costUsd });
      this.#admitWhenKnown();
    };
  }

  #passedBy(amount: Amount): 'cost' | 'tokens' | undefined {
    const { maxCostUsd = Infinity, maxTokens = Infinity } = this.#limits;
    const { tokens, costUsd } = sum(sum(this.#spentInAll, this.#reserved), amount);
    if (costUsd > maxCostUsd) return 'cost';
    return tokens > maxTokens ? 'tokens' : undefined;
  }

  #refuseAll(passed: 'cost' | 'tokens', next: Amount): void {
    this.#exhausted = passed;
    this.#refuse(this.#exhaustedError(passed, next));
  }

  #refuse(error: unknown): void {
    for (const { refuse } of this.#waiting) refuse(error);
    this.#waiting.clear();
  }

  #exhaustedError(passed: 'cost' | 'tokens', next: Amount): PanelistError {
    const isCost = passed === 'cost';
    const { maxCostUsd = 0, maxTokens = 0 } = this.#limits;
    const show = ({ costUsd, tokens }: Amount): string => (isCost ? formatUsd(costUsd) : String(tokens));
    const limit = isCost ? formatUsd(maxCostUsd) : `${maxTokens} tokens`;
    const elsewhere = this.#amount(this.#elsewhere?.spent ?? NO_TOKENS);
    const others = sum(this.#amount(this.#before), elsewhere);
    const by = elsewhere.tokens > 0 ? 'other processes' : 'earlier runs';
    const earlier = others.tokens > 0 ? ` (${show(others)} of it by ${by})` : '';
    return new PanelistError(
      'BUDGET_EXHAUSTED',
      `The budget is exhausted: ${show(this.#spentInAll)} of ${limit} are spent${earlier}, and the next call may take ${show(next)}. A higher limit goes on.`,
      { data: { reason: 'budget', limit: passed } },
    );
  }

  /** What other processes have spent of the same limits since this one began, as known at the last read. */
  get spentElsewhere(): { readonly tokens: number; readonly costUsd: number | null } {
    const { tokens, costUsd } = this.#amount(this.#elsewhere?.spent ?? NO_TOKENS);
    return { tokens, costUsd: this.#price === undefined ? null : costUsd };
  }

  /** Reads what others have spent. Does not reject: then it is what was known before. */
  async refreshElsewhere(): Promise<void> {
    await this.#elsewhere?.refreshed().catch(() => {});
  }

  get #spentInAll(): Amount {
    const here = sum(this.#amount(this.#before), this.#amount(this.spent));
    return this.#elsewhere === undefined ? here : sum(here, this.#amount(this.#elsewhere.spent));
  }

  #amount(tokens: TokenCount): Amount {
    return {
      tokens: tokens.inputTokens + tokens.outputTokens,
      costUsd: this.#price === undefined ? 0 : costOf(tokens, this.#price),
    };
  }
}

const NO_TOKENS: TokenCount = { inputTokens: 0, outputTokens: 0 };

function sum(a: Amount, b: Amount): Amount {
  return { tokens: a.tokens + b.tokens, costUsd: a.costUsd + b.costUsd };
}

/** Whether a task is to be paused because its budget is spent. */
export function isBudgetExhausted(error: unknown): boolean {
  return error instanceof PanelistError && error.code === 'BUDGET_EXHAUSTED';
}
