import type { Clock } from '../clock/clock.ts';
import type { FingerprintOptions } from './fingerprint.ts';
import type { TaskItem } from './task-record.ts';
import type { TaskStore } from './task-store.ts';

export interface TaskManagerOptions {
  /** Where tasks are kept. @default new MemoryTaskStore(), gone with the process */
  readonly store?: TaskStore | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** How many results each `Task` object holds, the most recent; an integer, 0 or more. @default 10_000 */
  readonly maxResultsInMemory?: number | undefined;
  /** How often `watch` asks the store for what other processes did, milliseconds, above 0. @default 500 */
  readonly pollMs?: number | undefined;
  /** Told what a listener throws, which disturbs nothing else. @default process.emitWarning */
  readonly onListenerError?: ((error: unknown) => void) | undefined;
}

export interface CreateTaskOptions extends FingerprintOptions {
  /** What the task is about: `survey_42`. Not empty. */
  readonly taskKey: string;
  /** Anything with a canonical JSON; kept with the task. @default {} */
  readonly taskParams?: unknown;
  /** How many results there will be; an integer, 0 or more. @default the number of `items` */
  readonly totalCount?: number | undefined;
  /** The work, where a runner is to do it: as many as `totalCount`, with unique keys. @default [] */
  readonly items?: readonly TaskItem[] | undefined;
  /** The name of the job that does the items; a task that has one has as many items as `totalCount`. @default null */
  readonly job?: string | null | undefined;
  /** What the fingerprint is made of. @default taskParams */
  readonly identity?: unknown;
}

export interface ProgressUpdate {
  /** Anything that JSON can carry; checked and copied when it is recorded. @default null */
  readonly result?: unknown;
  /** @default true */
  readonly success?: boolean | undefined;
  /** Names the item, so that it is recorded once. @default the result is appended */
  readonly itemKey?: string | undefined;
}

export interface CompleteTaskOptions {
  /** `false` makes the task `failed`. @default true */
  readonly success?: boolean | undefined;
  /** @default null */
  readonly errorMessage?: string | null | undefined;
}

export interface ReasonOptions {
  /** Kept as the task's `errorMessage`. @default null */
  readonly reason?: string | null | undefined;
}
