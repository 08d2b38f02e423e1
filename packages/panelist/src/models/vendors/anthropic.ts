import type { Vendor } from './vendor.ts';

export const anthropic: Vendor = {
  keyVariable: 'ANTHROPIC_API_KEY',
  keyRequired: true,
  baseUrlVariable: 'ANTHROPIC_BASE_URL',
  open: async (modelName, { baseURL = 'https://api.anthropic.com/v1', ...settings }) =>
    (await import('@ai-sdk/anthropic')).createAnthropic({ ...settings, baseURL })(modelName),
  prices: {
    asOf: '2026-10-10',
    source: 'https://platform.claude.com/docs/en/about-claude/pricing',
    models: {
      'claude-3-haiku': { input: 0.25, output: 1.25 },
      'claude-haiku-4-5': { input: 1, output: 5 },
      'claude-sonnet-4': { input: 3, output: 15 },
      'claude-sonnet-4-0': { input: 3, output: 15 },
      'claude-sonnet-4-5': { input: 3, output: 15 },
      'claude-sonnet-4-6': { input: 3, output: 15 },
      'claude-sonnet-5': { input: 2, output: 10 },
      'claude-sonnet-5-5': { input: 2, output: 10 },
      'claude-opus-4': { input: 15, output: 75 },
      'claude-opus-4-0': { input: 15, output: 75 },
      'claude-opus-4-1': { input: 15, output: 75 },
      'claude-opus-4-5': { input: 5, output: 25 },
      'claude-opus-4-6': { input: 5, output: 25 },
      'claude-opus-4-7': { input: 5, output: 25 },
      'claude-opus-4-8': { input: 5, output: 25 },
      'claude-opus-5': { input: 5, output: 25 },
      'claude-opus-5-5': { input: 4, output: 20 },
      'claude-fable-5': { input: 10, output: 50 },
      'claude-fable-5-1': { input: 10, output: 50 },
    },
  },
};
