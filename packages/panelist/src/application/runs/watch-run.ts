import {
  type Clock,
  systemClock,
  TaskChanges,
  type TaskManager,
  type TaskRecord,
  type TaskResult,
} from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import type { Workspace } from '../open-workspace.ts';
import { ProgressMeter, type RunWait, runWait } from './progress.ts';
import type { RunEvent } from './run-event.ts';
import { runOutcome } from './run-outcome.ts';
import { isRun, runKeyOf, runView } from './run-view.ts';

export type WatchedWorkspace = Pick<Workspace, 'tasks' | 'runner' | 'spending'> &
  Partial<Pick<Workspace, 'serve'>>;

export interface WatchRunOptions {
  /** Results with a higher sequence are reported; -1 for all of them. @default no results */
  readonly after?: number | undefined;
  /** Aborted, the watch ends without another event. The run goes on. */
  readonly signal?: AbortSignal | undefined;
  /** The watch also ends when this does: the run's own end in this process. */
  readonly until?: Promise<unknown> | undefined;
  /** Milliseconds between two looks at the run. @default 250 */
  readonly everyMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** A change of a task that runs elsewhere and that nobody told of shows after this. */
const UNTOLD_MS = 2_000;
/** Where several processes work on a task, one of them takes its lease within this time after the owner has gone. */
const HANDOVER_MS = 25_000;

/**
 * Follows a task, whichever process runs it, until it is finished, paused or cancelled, or its process has died. A
 * watch starts nothing and stops nothing.
 *
 * @throws PanelistError `TASK_NOT_FOUND`
 */
export async function* watchRun(
  { tasks, runner, spending, serve }: WatchedWorkspace,
  taskId: string,
  { after, signal, until, everyMs = 250, clock = systemClock }: WatchRunOptions = {},
): AsyncGenerator<RunEvent, void, undefined> {
  const ended = new AbortController();
  const end = (): void => ended.abort();
  until?.then(end, end);
  const meter = new ProgressMeter();
  const changes = new TaskChanges(tasks.store, taskId);
  const signals = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
  const state = { sequence: after, wait: null as RunWait | null, isOpened: false };
  const handoverMs = serve === undefined ? 0 : HANDOVER_MS;
  let aliveAt = Number.NEGATIVE_INFINITY;
  try {
    for (;;) {
      // Looked at first: what was recorded before the end is read below.
      const isOver = ended.signal.aborted;
      try {
        const task = await existingTask(tasks, taskId);
        if (!state.isOpened) yield { type: 'opened', run: runView(task, Date.now()) };
        state.isOpened = true;
        for await (const result of newResults(tasks, taskId, state.sequence)) {
          if (signal?.aborted) return;
          yield { type: 'result', sequence: result.sequence, result };
          state.sequence = result.sequence;
        }
        const spent = spending(runKeyOf(task));
        const wait = isDone(task) ? null : runWait(spent.waitingFor);
        if (wait !== null || state.wait !== null) yield { type: 'waiting', for: wait };
        state.wait = wait;
        const { totalCount: total, successCount: succeeded, failedCount: failed } = task;
        const counts = { total, succeeded, failed, inFlight: runner.inFlight(taskId) };
        yield { type: 'progress', progress: meter.read(counts, clock.monotonic()), spending: spent };
        const now = clock.monotonic();
        if (!isInterrupted(task)) aliveAt = now;
        const isDead = isInterrupted(task) && now - aliveAt >= handoverMs;
        if (isOver || isAtRest(task) || (until === undefined && isDead)) {
          yield { type: 'ended', outcome: await runOutcome(tasks, task, spent.exhausted) };
          return;
        }
      } catch (error) {
        // A failed look must not end the watch of a run that continues: the run itself reports what is wrong.
        if (until === undefined || isOver) throw error;
      }
      // What is in flight here, and waited for, changes without a change of the task.
      const maxMs = runner.isRunning(taskId) ? everyMs : Math.max(everyMs, UNTOLD_MS);
      await changes.next({ minMs: everyMs, maxMs, clock, signal: signals });
      if (signal?.aborted) return;
    }
  } finally {
    changes.close();
  }
}

async function existingTask({ store }: TaskManager, taskId: string): Promise<TaskRecord> {
  const task = await store.get(taskId);
  if (task !== undefined) return task;
  throw new PanelistError('TASK_NOT_FOUND', `There is no task ${JSON.stringify(taskId)}.`);
}

async function* newResults(
  { store }: TaskManager,
  taskId: string,
  after: number | undefined,
): AsyncGenerator<TaskResult> {
  if (after === undefined) return;
  let from = after < 0 ? undefined : after;
  for (;;) {
    const page = await store.results(taskId, { after: from });
    yield* page.entries;
    if (page.next === null) return;
    from = page.next;
  }
}

/**
 * Sees a task through to its end in this process, and reports what happens. A task whose process dies elsewhere is
 * taken over.
 *
 * @throws what ended the run here, such as `STORE_FULL`
 */
export async function* followRun(
  workspace: WatchedWorkspace,
  taskId: string,
  options: Omit<WatchRunOptions, 'until'> = {},
): AsyncGenerator<RunEvent, void, undefined> {
  const until = workspace.runner.wait(taskId);
  // Awaited below; it may fail before that.
  until.catch(() => {});
  try {
    for await (const event of watchRun(workspace, taskId, { ...options, until })) {
      // What ended the run is thrown before the outcome: a consumer stops at that.
      if (event.type === 'ended') await until;
      yield event;
    }
    // The run goes on without its watch.
    if (options.signal?.aborted) return;
  } catch (error) {
    // A store that cannot be read fails the run too, and the run says it better.
    await until;
    throw error;
  }
  await until;
}

function isDone({ totalCount, completedCount }: TaskRecord): boolean {
  return completedCount === totalCount;
}

/** No process runs it any more. A `followRun` takes it over instead. */
function isInterrupted(task: TaskRecord): boolean {
  return task.status === 'running' && !isRun(task, Date.now());
}

/** Nothing more happens to it by itself. */
function isAtRest({ finishedAt, status }: TaskRecord): boolean {
  return finishedAt !== null || status === 'paused';
}
