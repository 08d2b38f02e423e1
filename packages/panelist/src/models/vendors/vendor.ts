import type { LanguageModelV4 } from '@ai-sdk/provider';

export interface VendorSettings {
  /** Empty where the vendor needs none. */
  readonly apiKey: string;
  /** @default the vendor's own address */
  readonly baseURL?: string | undefined;
  readonly fetch: typeof fetch;
}

/**
 * List prices in US dollars per million tokens: standard service tier, prompts of ordinary length, nothing cached. They
 * were collected from public copies of the vendor's page and not read off the page itself, and prices change: a file for
 * `--prices` comes before them.
 */
export interface VendorPrices {
  /** The day as of which they were written down, `2026-10-10`. */
  readonly asOf: string;
  readonly source: string;
  /** By the model's name, without the vendor's. */
  readonly models: Readonly<Record<string, { readonly input: number; readonly output: number }>>;
}

/** All that is particular to one vendor. `registry.ts` lists them. */
export interface Vendor {
  /** The environment variable that has its key. */
  readonly keyVariable: string;
  readonly keyRequired: boolean;
  /** Whether the caller must give a base URL. @default false */
  readonly needsBaseUrl?: boolean;
  /** The environment variable that its base URL may come from. @default none */
  readonly baseUrlVariable?: string;
  /** What OpenTelemetry's semantic conventions call it. @default its name in model ids */
  readonly telemetryName?: string;
  /** @default none: the cost of its models is unknown */
  readonly prices?: VendorPrices;
  /**
   * Loads the vendor's package, so that it is loaded only when one of its models is opened. All that is sent goes through
   * the `fetch` that is given. Where there is no base URL this names the vendor's own: its package would look for one in
   * the environment, unchecked.
   */
  open(modelName: string, settings: VendorSettings): Promise<LanguageModelV4>;
}
