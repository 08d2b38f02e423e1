import type { PortableError } from '../errors/portable-error.ts';
import type { ThreadJobs } from './jobs/index.ts';

export interface ThreadData {
  readonly database: string;
  readonly prices: string | undefined;
}

/** To a thread. `more` asks for the next parts of a stream, so that a slow reader isn't flooded. */
export type ToThread =
  | { readonly type: 'run'; readonly id: number; readonly job: keyof ThreadJobs; readonly input: unknown }
  | { readonly type: 'more'; readonly id: number }
  | { readonly type: 'stop'; readonly id: number };

export type FromThread =
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  | { readonly type: 'part'; readonly id: number; readonly part: Uint8Array }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'error'; readonly id: number; readonly error: PortableError };
