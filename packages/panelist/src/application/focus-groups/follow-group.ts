import { type Clock, systemClock, type TaskRecord } from '@panelist/toolkit';
import type { RunEvent } from '../runs/run-event.ts';
import { type WatchedWorkspace, watchRun } from '../runs/watch-run.ts';
import { turnView } from './turn-view.ts';

export interface FollowGroupOptions {
  /** Milliseconds between two looks at a turn. @default 150 */
  readonly everyMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/**
 * Reports the turns that `run` takes in a focus group, each with its results as any process records them. Ends when
 * `run` has ended and all is reported; the caller handles what `run` returns or throws.
 * A turn that cannot be read is not reported: the run itself says what is wrong.
 */
export function followGroup(
  workspace: WatchedWorkspace,
  run: (onTurn: (task: TaskRecord) => void) => Promise<unknown>,
  { everyMs = 150, clock = systemClock }: FollowGroupOptions = {},
): AsyncGenerator<RunEvent, void, undefined> {
  const begun = new BegunTurns();
  const end = (): void => begun.end();
  run((task) => begun.add(task)).then(end, end);
  return groupEvents(workspace, begun, { everyMs, clock });
}

/** The turns that have begun and are not reported yet. */
class BegunTurns {
  readonly #turns: TaskRecord[] = [];
  #isOver = false;
  #next = Promise.withResolvers<void>();

  add(task: TaskRecord): void {
    this.#turns.push(task);
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  /** Resolves to `undefined` when there will be no more. */
  async take(): Promise<TaskRecord | undefined> {
    while (this.#turns.length === 0 && !this.#isOver) await this.#next.promise;
    return this.#turns.shift();
  }

  /** Resolves when another turn has begun, or the last one has ended. */
  get another(): Promise<void> {
    return this.#isOver || this.#turns.length > 0 ? Promise.resolve() : this.#next.promise;
  }

  #wake(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }
}

async function* groupEvents(
  workspace: WatchedWorkspace,
  begun: BegunTurns,
  options: Required<FollowGroupOptions>,
): AsyncGenerator<RunEvent, void, undefined> {
  for (let task = await begun.take(); task !== undefined; task = await begun.take()) {
    try {
      yield* turnEvents(workspace, task, { ...options, until: begun.another });
    } catch {
      // See `followGroup`.
    }
  }
}

async function* turnEvents(
  workspace: WatchedWorkspace,
  task: TaskRecord,
  options: Required<FollowGroupOptions> & { readonly until: Promise<void> },
): AsyncGenerator<RunEvent, void, undefined> {
  yield { type: 'turn', turn: await turnView(workspace.tasks, task) };
  for await (const event of watchRun(workspace, task.taskId, { ...options, after: -1 }))
    if (event.type !== 'opened') yield event;
}
