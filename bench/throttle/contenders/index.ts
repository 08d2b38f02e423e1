import type { Contender } from './contender.ts';

interface Entry {
  /** With what the user had to tell it. */
  readonly title: string;
  /** Imported only when it runs, so that it finds the fake clock, and in a process of its own. */
  readonly load: () => Promise<{ readonly default: Contender }>;
}

/** Ours and what people use today, by the name that `--contenders` takes. */
export const contenders: Readonly<Record<string, Entry>> = {
  panelist: { title: 'panelist', load: () => import('./panelist.ts') },
  'p-retry': { title: 'p-limit + p-retry', load: () => import('./p-retry.ts') },
  cockatiel: { title: 'cockatiel', load: () => import('./cockatiel.ts') },
  'ai-sdk': { title: 'AI SDK, 2 retries', load: () => import('./ai-sdk.ts') },
  openai: { title: 'openai SDK, 2 retries', load: () => import('./openai.ts') },
  'aws-adaptive': { title: 'AWS adaptive', load: () => import('./aws-adaptive.ts') },
  effect: { title: 'Effect (told 500/min)', load: () => import('./effect.ts') },
  bottleneck: { title: 'Bottleneck (told 500/min)', load: () => import('./bottleneck.ts') },
  'p-queue': { title: 'p-queue + p-retry (told 500/min)', load: () => import('./p-queue.ts') },
};
