import type { Clock } from '../clock/clock.ts';
import type { Steps } from '../clock/turns.ts';
import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import { checkCount, checkKey, checkObject, checkOption } from '../options/check.ts';
import type { FingerprintOptions } from './fingerprint.ts';
import { toJson } from './json-value.ts';
import type { TaskItem, TaskSettings } from './task-record.ts';
import type { ItemClaim, TaskStore } from './task-store.ts';

export interface TaskManagerOptions {
  /** Where tasks are stored. @default new MemoryTaskStore(), lost when the process ends */
  readonly store?: TaskStore | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** How many of the most recent results each `Task` object has; an integer, 0 or more. @default 10_000 */
  readonly maxResultsInMemory?: number | undefined;
  /** How often `watch` asks the store for what other processes did, milliseconds, above 0. @default 500 */
  readonly pollMs?: number | undefined;
  /** Called with what a listener throws; nothing else is affected. @default process.emitWarning */
  readonly onListenerError?: ((error: unknown) => void) | undefined;
}

export interface CreateTaskOptions extends FingerprintOptions {
  /** What the task is about: `survey_42`. Not empty. */
  readonly taskKey: string;
  /** Anything with a canonical JSON; stored with the task. @default {} */
  readonly taskParams?: unknown;
  /** How many results there will be; an integer, 0 or more. @default the number of `items` */
  readonly totalCount?: number | undefined;
  /**
   * The work, if a runner is to do it: as many as `totalCount`, with unique keys. A long list is read over several
   * turns of the event loop: do not change it before the promise resolves. @default []
   */
  readonly items?: readonly TaskItem[] | undefined;
  /** The name of the job that does the items; a task that has one has as many items as `totalCount`. @default null */
  readonly job?: string | null | undefined;
  /** What the fingerprint is made of. @default taskParams */
  readonly identity?: unknown;
  /** How it is to be run, if this call creates the task. @default {} */
  readonly settings?: TaskSettings | undefined;
}

export interface ProgressUpdate {
  /** Anything that JSON can carry; checked and copied when it is recorded. @default null */
  readonly result?: unknown;
  /** @default true */
  readonly success?: boolean | undefined;
  /** Names the item, so that it is recorded once. @default the result is appended */
  readonly itemKey?: string | undefined;
  /** Of the queue that handed out the item: a result is recorded only while it is valid. @default none */
  readonly claim?: ItemClaim | undefined;
}

export interface CompleteTaskOptions {
  /** Only if the task has not been changed since it was at this revision. @default whatever has changed */
  readonly revision?: number | undefined;
  /** `false` makes the task `failed`. @default true */
  readonly success?: boolean | undefined;
  /** @default null */
  readonly errorMessage?: string | null | undefined;
}

export interface ReasonOptions {
  /** Stored as the task's `errorMessage`. @default null */
  readonly reason?: string | null | undefined;
}

/** @throws ToolkitError `INVALID_OPTION` */
export function checkItemKeys(itemKeys: unknown): asserts itemKeys is readonly string[] {
  checkOption(Array.isArray(itemKeys), 'itemKeys must be a list of strings', itemKeys);
  for (const [index, key] of itemKeys.entries()) checkKey(`itemKeys[${index}]`, key);
}

/** A copy of them. @throws ToolkitError `INVALID_OPTION` */
export function checkedSettings(settings: unknown): TaskSettings {
  checkObject('settings', settings, 'Write them as in { maxConcurrency: 20 }.');
  checkCount('settings.maxConcurrency', (settings as TaskSettings).maxConcurrency ?? undefined, { from: 1 });
  return toJson(settings, 'settings') as TaskSettings;
}

/** Items that are checked per step; each may be a few kilobytes. */
const ITEMS_PER_STEP = 500;

/** A copy of them. @throws ToolkitError `INVALID_OPTION`, `DUPLICATE_ITEM` */
export function* checkedItems(items: unknown): Steps<readonly TaskItem[]> {
  checkOption(Array.isArray(items), 'items must be a list of { key, input }', items);
  const seen = new Set<string>();
  const checked: TaskItem[] = [];
  for (const [index, item] of (items as readonly unknown[]).entries()) {
    checkObject(`items[${index}]`, item, 'Write it as { key, input }.');
    const { key, input } = item as Partial<TaskItem>;
    checkKey(`items[${index}].key`, key);
    const json = toJson(input, `items[${index}].input`);
    if (seen.has(key)) {
      throw new ToolkitError('DUPLICATE_ITEM', `Two items have the key ${quote(key)}: keys must be unique.`);
    }
    seen.add(key);
    checked.push({ key, input: json });
    if (checked.length % ITEMS_PER_STEP === 0) yield;
  }
  return checked;
}
