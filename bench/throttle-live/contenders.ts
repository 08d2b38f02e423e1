import type { LiveCall } from './cases.ts';

export const MAX_IN_FLIGHT = 200;

export interface CallsDone {
  /** Total usage reported in the replies. */
  readonly tokens: number;
  /** Errors of the calls that finally failed. */
  readonly errors: readonly unknown[];
}

/** Makes all calls, at most `MAX_IN_FLIGHT` at once. No contender knows the limit in advance. */
export type MakeCalls = (calls: readonly LiveCall[], url: string) => Promise<CallsDone>;

/** Each contender is loaded when its turn comes. */
export const contenders: Readonly<Record<string, () => Promise<MakeCalls>>> = {
  panelist: async () => (await import('./panelist.ts')).makeCalls,
  'p-limit+openai': async () => (await import('./p-limit-openai.ts')).makeCalls,
  effect: async () => (await import('./effect.ts')).makeCalls,
};

/** Summarises the outcomes of the calls. */
export function callsDone(
  outcomes: readonly ({ readonly tokens: number } | { readonly error: unknown })[],
): CallsDone {
  return {
    tokens: outcomes.reduce((sum, outcome) => sum + ('tokens' in outcome ? outcome.tokens : 0), 0),
    errors: outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : [])),
  };
}
