import type { Vendor } from './vendor.ts';

export const openaiCompatible: Vendor = {
  keyVariable: 'OPENAI_COMPATIBLE_API_KEY',
  keyRequired: false,
  needsBaseUrl: true,
  open: async (modelName, { apiKey, baseURL = '', fetch }) =>
    (await import('@ai-sdk/openai-compatible')).createOpenAICompatible({
      name: 'openai-compatible',
      baseURL,
      fetch,
      supportsStructuredOutputs: true,
      ...(apiKey !== '' && { apiKey }),
    })(modelName),
};
