import type { Contender } from './contender.ts';

interface Entry {
  /** Its name with what the user must configure. */
  readonly title: string;
  /** Imported only when it runs, in its own process, so that it uses the fake clock. */
  readonly load: () => Promise<{ readonly default: Contender }>;
}

/** Our throttle and popular libraries, by their name in `--contenders`. */
export const contenders: Readonly<Record<string, Entry>> = {
  panelist: { title: 'panelist', load: () => import('./panelist.ts') },
  'p-retry': { title: 'p-limit + p-retry', load: () => import('./p-retry.ts') },
  cockatiel: { title: 'cockatiel', load: () => import('./cockatiel.ts') },
  'ai-sdk': { title: 'AI SDK, 2 retries', load: () => import('./ai-sdk.ts') },
  openai: { title: 'openai SDK, 2 retries', load: () => import('./openai.ts') },
  'aws-adaptive': { title: 'AWS adaptive', load: () => import('./aws-adaptive.ts') },
  effect: { title: 'Effect (configured: 500/min)', load: () => import('./effect.ts') },
  bottleneck: { title: 'Bottleneck (configured: 500/min)', load: () => import('./bottleneck.ts') },
  'p-queue': { title: 'p-queue + p-retry (configured: 500/min)', load: () => import('./p-queue.ts') },
};
