import type { LiveCall } from './cases.ts';

export const MAX_IN_FLIGHT = 200;

export interface CallsDone {
  /** Of all replies, as they tell it. */
  readonly tokens: number;
  /** Of the calls that failed for good. */
  readonly errors: readonly unknown[];
}

/** Makes all calls, at most `MAX_IN_FLIGHT` at once. No contender is told what the limit is. */
export type MakeCalls = (calls: readonly LiveCall[], url: string) => Promise<CallsDone>;

/** Loaded one by one, when their turn comes. */
export const contenders: Readonly<Record<string, () => Promise<MakeCalls>>> = {
  panelist: async () => (await import('./panelist.ts')).makeCalls,
  'p-limit+openai': async () => (await import('./p-limit-openai.ts')).makeCalls,
  effect: async () => (await import('./effect.ts')).makeCalls,
};

/** Sums up what came of each call. */
export function callsDone(
  outcomes: readonly ({ readonly tokens: number } | { readonly error: unknown })[],
): CallsDone {
  return {
    tokens: outcomes.reduce((sum, outcome) => sum + ('tokens' in outcome ? outcome.tokens : 0), 0),
    errors: outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : [])),
  };
}
