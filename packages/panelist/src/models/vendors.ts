import type { LanguageModelV4 } from '@ai-sdk/provider';

export interface VendorSettings {
  /** Empty where the vendor needs none. */
  readonly apiKey: string;
  /** @default the vendor's own address */
  readonly baseURL?: string | undefined;
  readonly fetch: typeof fetch;
}

export interface Vendor {
  /** The variable that holds its key. */
  readonly keyVariable: string;
  readonly keyRequired: boolean;
  /** Whether it is reached at a base URL that the caller must give. @default false */
  readonly wantsBaseUrl?: boolean;
  /** The variable that its base URL may come from. @default none */
  readonly baseUrlVariable?: string;
  /** Loads the vendor's package, so that it is loaded only when one of its models is opened. */
  open(modelName: string, settings: VendorSettings): Promise<LanguageModelV4>;
}

/**
 * Who serves models, by the first part of a model's id. All that is sent goes through the `fetch` that is given. Where
 * there is no base URL the vendor's own is named here: its package would look for one in the environment, unchecked.
 */
export const vendors: Readonly<Record<string, Vendor>> = {
  openai: {
    keyVariable: 'OPENAI_API_KEY',
    keyRequired: true,
    baseUrlVariable: 'OPENAI_BASE_URL',
    open: async (modelName, { baseURL = 'https://api.openai.com/v1', ...settings }) =>
      (await import('@ai-sdk/openai')).createOpenAI({ ...settings, baseURL })(modelName),
  },
  anthropic: {
    keyVariable: 'ANTHROPIC_API_KEY',
    keyRequired: true,
    baseUrlVariable: 'ANTHROPIC_BASE_URL',
    open: async (modelName, { baseURL = 'https://api.anthropic.com/v1', ...settings }) =>
      (await import('@ai-sdk/anthropic')).createAnthropic({ ...settings, baseURL })(modelName),
  },
  google: {
    keyVariable: 'GOOGLE_GENERATIVE_AI_API_KEY',
    keyRequired: true,
    open: async (modelName, { baseURL, ...settings }) =>
      (await import('@ai-sdk/google')).createGoogleGenerativeAI({ ...settings, ...(baseURL && { baseURL }) })(
        modelName,
      ),
  },
  'openai-compatible': {
    keyVariable: 'OPENAI_COMPATIBLE_API_KEY',
    keyRequired: false,
    wantsBaseUrl: true,
    open: async (modelName, { apiKey, baseURL = '', fetch }) =>
      (await import('@ai-sdk/openai-compatible')).createOpenAICompatible({
        name: 'openai-compatible',
        baseURL,
        fetch,
        supportsStructuredOutputs: true,
        ...(apiKey !== '' && { apiKey }),
      })(modelName),
  },
};
