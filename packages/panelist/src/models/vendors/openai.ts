import type { Vendor } from './vendor.ts';

export const openai: Vendor = {
  keyVariable: 'OPENAI_API_KEY',
  keyRequired: true,
  baseUrlVariable: 'OPENAI_BASE_URL',
  open: async (modelName, { baseURL = 'https://api.openai.com/v1', ...settings }) =>
    (await import('@ai-sdk/openai')).createOpenAI({ ...settings, baseURL })(modelName),
  prices: {
    asOf: '2026-10-10',
    source: 'https://developers.openai.com/api/docs/pricing',
    models: {
      'gpt-4o': { input: 2.5, output: 10 },
      'gpt-4o-2024-05-13': { input: 5, output: 15 },
      'gpt-4o-mini': { input: 0.15, output: 0.6 },
      'gpt-4.1': { input: 2, output: 8 },
      'gpt-4.1-mini': { input: 0.4, output: 1.6 },
      'gpt-4.1-nano': { input: 0.1, output: 0.4 },
      o3: { input: 2, output: 8 },
      'o4-mini': { input: 1.1, output: 4.4 },
      'gpt-5': { input: 1.25, output: 10 },
      'gpt-5-mini': { input: 0.25, output: 2 },
      'gpt-5-nano': { input: 0.05, output: 0.4 },
      'gpt-5.1': { input: 1.25, output: 10 },
      'gpt-5.2': { input: 1.75, output: 14 },
      'gpt-5.4': { input: 2.5, output: 15 },
      'gpt-5.4-mini': { input: 0.75, output: 4.5 },
      'gpt-5.4-nano': { input: 0.2, output: 1.25 },
      'gpt-5.5': { input: 5, output: 30 },
      'gpt-5.6-sol': { input: 4, output: 20 },
    },
  },
};
