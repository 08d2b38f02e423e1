import type { Vendor } from './vendor.ts';

export const google: Vendor = {
  keyVariable: 'GOOGLE_GENERATIVE_AI_API_KEY',
  keyRequired: true,
  telemetryName: 'gcp.gemini',
  open: async (modelName, { baseURL, ...settings }) =>
    (await import('@ai-sdk/google')).createGoogleGenerativeAI({ ...settings, ...(baseURL && { baseURL }) })(
      modelName,
    ),
  prices: {
    asOf: '2026-10-10',
    source: 'https://ai.google.dev/gemini-api/docs/pricing',
    models: {
      'gemini-2.5-flash-lite': { input: 0.1, output: 0.4 },
      'gemini-2.5-flash': { input: 0.3, output: 2.5 },
      'gemini-2.5-pro': { input: 1.25, output: 10 },
      'gemini-3-flash-preview': { input: 0.5, output: 3 },
      'gemini-3.1-flash-lite-preview': { input: 0.25, output: 1.5 },
      'gemini-3.1-pro-preview': { input: 2, output: 12 },
      'gemini-3.5-flash-lite': { input: 0.3, output: 2.5 },
      'gemini-3.5-flash': { input: 1.5, output: 9 },
      // Half of it until 2026-12-31.
      'gemini-3.6-flash': { input: 1.5, output: 7.5 },
      'gemini-3.7-flash': { input: 1.5, output: 7.5 },
      'gemini-3.8-flash': { input: 1.5, output: 7.5 },
    },
  },
};
