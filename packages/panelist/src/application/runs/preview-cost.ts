import { costOf, type ModelPrice } from '../../models/budget/price-table.ts';
import { readPrices } from '../../models/budget/read-prices.ts';
import { addressOf } from '../../models/open-model.ts';
import type { DryRun, Range } from '../../survey/dry-run.ts';

export interface PreviewOptions {
  /** The cost limit that the run would have, US dollars: the model must then have a price. @default none */
  readonly maxCostUsd?: number | null | undefined;
  /** A file with prices that come before the built-in ones (`readPrices`). @default none */
  readonly prices?: string | undefined;
}

/** Where a model's requests would go, and what they cost. */
export interface PreviewedModel {
  readonly model: string;
  /** Where the model is served; `null` for the vendor's own address. */
  readonly address: string | null;
  /** `null` where it isn't known. */
  readonly price: ModelPrice | null;
}

/** @throws PanelistError `MODEL_UNKNOWN`, `PRICE_UNKNOWN`, `PRICES_INVALID`, as the run itself would */
export async function previewModel(
  model: string,
  baseUrl: string | undefined,
  { maxCostUsd, prices: file }: PreviewOptions,
): Promise<PreviewedModel> {
  const { address } = addressOf(model, { baseUrl });
  const prices = await readPrices(file);
  const price = maxCostUsd == null ? prices.priceOf(model) : prices.requirePrice(model);
  return { model, address, price: price ?? null };
}

/** US dollars; `null` without a price. */
export function estimatedCost(
  { inputTokens, outputTokens }: Pick<DryRun, 'inputTokens' | 'outputTokens'>,
  price: ModelPrice | null,
): Range | null {
  if (price === null) return null;
  const cost = (of: keyof Range): number =>
    costOf({ inputTokens: inputTokens[of], outputTokens: outputTokens[of] }, price);
  return { min: cost('min'), expected: cost('expected'), max: cost('max') };
}

/** What offered models cost. @param file comes before the built-in prices @throws PanelistError `PRICES_INVALID` */
export function readOfferedPrices(file: string | undefined): ReturnType<typeof readPrices> {
  return readPrices(file);
}
