import { quote } from '@panelist/toolkit';
import { z } from 'zod';
import { PanelistError } from '../../panelist-error.ts';
import { vendors } from '../vendors/registry.ts';
import { simulatorPrices } from '../vendors/simulator.ts';
import type { VendorPrices } from '../vendors/vendor.ts';

/** What a model's tokens cost, US dollars per million. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** The day as of which it was written down, `2026-10-10`; empty if the file does not give it. */
  readonly asOf: string;
  /** Whether it comes from the user's own file. */
  readonly isOwn: boolean;
}

export interface TokenCount {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Far above any price, so that a figure per token or per thousand in the wrong place is noticed. */
const maxUsdPerMillion = 100_000;
const usdPerMillion = z.number().nonnegative().max(maxUsdPerMillion);

/** A price file. Unknown members are refused: a mistyped `output` must not become free. */
const priceFile = z.strictObject({
  asOf: z.iso.date().optional(),
  unit: z.string().optional(),
  note: z.string().optional(),
  sources: z.array(z.string()).optional(),
  models: z.record(
    z.string().min(1).max(300),
    z.strictObject({ input: usdPerMillion, output: usdPerMillion, note: z.string().optional() }),
  ),
});

/** The names that vendors give a model's snapshots: `-2024-08-06`, `-20250514`, `-001`, and the newest, `-latest`. */
const snapshot = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{3}|latest)$/;

/**
 * Prices by model id (`provider/model`). A name is looked for as it is, then by the longest name that ends in `*` and
 * begins it, then without its date: `openai/gpt-4o-2024-08-06` costs what `openai/gpt-4o` does unless it is listed
 * itself. Nothing else is guessed: a model that only resembles a known one has no price.
 *
 * The built-in prices are in `vendors/`, each with its date and the vendor's page. They are list prices without
 * any discount (cached input, batches), so a cost made of them is rather too high; surcharges for prompts of 100,000
 * tokens and more are not in it.
 */
export class PriceTable {
  static readonly builtIn: PriceTable = new PriceTable(builtInPrices());
  readonly #prices: ReadonlyMap<string, ModelPrice>;

  private constructor(prices: ReadonlyMap<string, ModelPrice>) {
    this.#prices = prices;
  }

  /** @throws ZodError if `json` isn't a price file */
  static from(json: unknown, { isOwn }: { readonly isOwn: boolean }): PriceTable {
    const { asOf = '', models } = priceFile.parse(json);
    return new PriceTable(
      new Map(Object.entries(models).map(([id, { input, output }]) => [id, { input, output, asOf, isOwn }])),
    );
  }

  /** This table with another's prices before its own. */
  overriddenBy(other: PriceTable): PriceTable {
    return new PriceTable(new Map([...this.#prices, ...other.#prices]));
  }

  /** `undefined` if it is unknown, never 0. */
  priceOf(modelId: string): ModelPrice | undefined {
    return (
      this.#prices.get(modelId) ?? this.#byPattern(modelId) ?? this.#prices.get(modelId.replace(snapshot, ''))
    );
  }

  /** @throws PanelistError `PRICE_UNKNOWN`, with what to write in which file */
  requirePrice(modelId: string): ModelPrice {
    const price = this.priceOf(modelId);
    if (price !== undefined) return price;
    throw new PanelistError(
      'PRICE_UNKNOWN',
      `The price of ${quote(modelId)} is not known, so its cost cannot be limited. Give its price, or limit its tokens instead.`,
      { data: { reason: 'price-unknown', model: modelId } },
    );
  }

  #byPattern(modelId: string): ModelPrice | undefined {
    const patterns = [...this.#prices.keys()].filter(
      (name) => name.endsWith('*') && modelId.startsWith(name.slice(0, -1)),
    );
    const longest = patterns.sort((a, b) => b.length - a.length)[0];
    return longest === undefined ? undefined : this.#prices.get(longest);
  }
}

function builtInPrices(): ReadonlyMap<string, ModelPrice> {
  const byId = new Map<string, ModelPrice>();
  const add = (prefix: string, { asOf, models }: Omit<VendorPrices, 'source'>): void => {
    for (const [name, price] of Object.entries(models))
      byId.set(`${prefix}${name}`, { ...price, asOf, isOwn: false });
  };
  for (const [name, { prices }] of Object.entries(vendors)) if (prices !== undefined) add(`${name}/`, prices);
  add('', simulatorPrices);
  return byId;
}

/** US dollars. */
export function costOf({ inputTokens, outputTokens }: TokenCount, price: ModelPrice): number {
  return (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
}
