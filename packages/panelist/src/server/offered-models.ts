import { quote } from '@panelist/toolkit';
import type { PriceTable } from '../models/budget/price-table.ts';
import { ServerError } from './errors/server-error.ts';

/** A model that the operator offers: who uses the server names it, and neither address nor key. */
export interface OfferedModel {
  /** `provider/model`, or `simulator?…`. */
  readonly id: string;
  /** Where an `openai-compatible/…` model is served; `null` for the vendor's own address. */
  readonly baseUrl: string | null;
}

export interface ShownModel {
  readonly id: string;
  /** It answers by rule: no key, no cost, and its answers mean nothing about people. */
  readonly isSimulator: boolean;
  /** US dollars per million tokens; `null` where it isn't known. */
  readonly price: { readonly input: number; readonly output: number } | null;
}

export class OfferedModels {
  readonly #models: ReadonlyMap<string, OfferedModel>;
  readonly #prices: PriceTable;

  constructor(models: readonly OfferedModel[], prices: PriceTable) {
    this.#models = new Map(models.map((each) => [each.id, each]));
    this.#prices = prices;
  }

  /** @throws ServerError `MODEL_NOT_OFFERED` */
  find(id: string): OfferedModel {
    const model = this.#models.get(id);
    if (model !== undefined) return model;
    throw new ServerError(
      'MODEL_NOT_OFFERED',
      `The server does not offer the model ${quote(id)}. It offers: ${[...this.#models.keys()].join(', ')}. Its operator can add others with --model.`,
    );
  }

  /** Whether it offers that model, at that address. */
  has(id: unknown, baseUrl: unknown): boolean {
    const model = this.#models.get(String(id));
    return model !== undefined && model.baseUrl === (baseUrl ?? null);
  }

  /** The addresses that may get a key. */
  get addresses(): readonly string[] {
    return [...this.#models.values()].flatMap(({ baseUrl }) => baseUrl ?? []);
  }

  /** Without addresses, which may be of the operator's own network. */
  get shown(): readonly ShownModel[] {
    return [...this.#models.keys()].map((id) => {
      const price = this.#prices.priceOf(id);
      return {
        id,
        isSimulator: /^simulator(?:$|\?)/.test(id),
        price: price === undefined ? null : { input: price.input, output: price.output },
      };
    });
  }
}
