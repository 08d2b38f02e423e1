import { type Clock, systemClock, type TaskRecord } from '@panelist/toolkit';
import { placeOf } from '../../focus-group/stored-turns.ts';
import type { RunEvent } from '../runs/run-event.ts';
import { type WatchedWorkspace, watchRun } from '../runs/watch-run.ts';

export interface FollowGroupOptions {
  /** Milliseconds between two looks at a turn. @default 150 */
  readonly everyMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Does something with a focus group (`run`), and reports the turns that it takes, each with its results as they are
 * recorded, by whichever process. Ends when `run` has ended and all is reported; what `run` returns or throws is the
 * caller's. A turn that cannot be read is not reported: the run itself says what is wrong.
 */
export async function* followGroup(
  workspace: WatchedWorkspace,
  run: (onTurn: (task: TaskRecord) => void) => Promise<unknown>,
  { everyMs = 150, clock = systemClock }: FollowGroupOptions = {},
): AsyncGenerator<RunEvent, void, undefined> {
  const turns: TaskRecord[] = [];
  let isOver = false;
  let next = Promise.withResolvers<void>();
  const wake = (): void => {
    next.resolve();
    next = Promise.withResolvers<void>();
  };
  const onTurn = (task: TaskRecord): void => {
    turns.push(task);
    wake();
  };
  const end = (): void => {
    isOver = true;
    wake();
  };
  run(onTurn).then(end, end);
  for (;;) {
    const task = turns.shift();
    if (task === undefined) {
      if (isOver) return;
      await next.promise;
      continue;
    }
    try {
      yield* turnEvents(workspace, task, {
        everyMs,
        clock,
        until: isOver || turns.length > 0 ? Promise.resolve() : next.promise,
      });
    } catch {
      // See above.
    }
  }
}

async function* turnEvents(
  workspace: WatchedWorkspace,
  task: TaskRecord,
  options: Required<FollowGroupOptions> & { readonly until: Promise<void> },
): AsyncGenerator<RunEvent, void, undefined> {
  yield { type: 'turn', turn: { ...placeOf(task), task } };
  for await (const event of watchRun(workspace, task.taskId, { ...options, after: -1 }))
    if (event.type !== 'opened') yield event;
}
