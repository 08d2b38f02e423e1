import type { Clock } from '../clock/clock.ts';
import { type TaskSnapshot, taskSnapshot } from './task.ts';
import type { TaskEvents } from './task-events.ts';
import { isActive, type TaskRecord } from './task-record.ts';
import { taskNotFound } from './task-rules.ts';
import type { TaskStore } from './task-store.ts';

export interface WatchOptions {
  /** Ends the watch: the iteration rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How often the store is asked for what other processes did, milliseconds, above 0. @default 500 */
  readonly pollMs?: number | undefined;
}

export interface WatchSources {
  readonly store: TaskStore;
  readonly events: TaskEvents;
  readonly clock: Clock;
  readonly pollMs: number;
}

/** A change that nobody told of is noticed after so many times `pollMs`. */
const LOOKS_SAVED = 10;

/** The task now, and again whenever it has changed since the last look, until it is finished. */
export async function* watchTask(
  taskId: string,
  { store, events, clock, pollMs }: WatchSources,
  signal: AbortSignal | undefined,
): AsyncGenerator<TaskSnapshot, void, undefined> {
  let latest: TaskRecord | undefined;
  let wake = (): void => {};
  // Where the store tells of what other processes do, it is asked far less often.
  let lookMs = pollMs;
  const unlisten = store.onChange?.((changed) => {
    if (changed === undefined || changed === taskId) wake();
  });
  if (unlisten !== undefined) lookMs = pollMs * LOOKS_SAVED;
  const unfollow = events.follow(taskId, (record) => {
    latest = record;
    wake();
  });
  try {
    let shown = -1;
    for (;;) {
      signal?.throwIfAborted();
      const record: TaskRecord | undefined = latest ?? (await store.get(taskId));
      if (record === undefined) throw taskNotFound(taskId);
      latest = undefined;
      if (record.revision > shown) {
        shown = record.revision;
        yield taskSnapshot(record, clock);
      }
      if (!isActive(record.status)) return;
      if (latest === undefined) await nextChange(clock, lookMs, signal, (resolve) => (wake = resolve));
    }
  } finally {
    unfollow();
    unlisten?.();
  }
}

/** Resolves when woken, after `pollMs`, or when aborted, whichever is first, and leaves nothing behind. */
function nextChange(
  clock: Clock,
  pollMs: number,
  signal: AbortSignal | undefined,
  onWake: (resolve: () => void) => void,
): Promise<void> {
  return new Promise((resolve) => {
    // It may have been aborted during the read; there is no second event.
    if (signal?.aborted) return resolve();
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.setTimer(done, pollMs);
    signal?.addEventListener('abort', done, { once: true });
    onWake(done);
  });
}
