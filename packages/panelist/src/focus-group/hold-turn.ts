import { type TaskRecord, type TaskRunner, type TaskSettings, ToolkitError } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { findGroup, type GroupHistory, type Turn } from './group-history.ts';
import { groupTaskKey, type TurnPlace } from './group-turn.ts';

/** A turn that is to be held. */
export interface PlannedTurn {
  readonly step: string;
  readonly job: string;
  /** Besides the place, which `holdTurn` gives. */
  readonly params: object;
  readonly items: readonly { readonly key: string; readonly input: unknown }[];
  /** It only prepares the turn that is wanted, which is planned anew after it. @default false */
  readonly isPreparation?: boolean | undefined;
  /** How its task is to be run. @default as the group's opening records it */
  readonly settings?: TaskSettings | undefined;
}

export interface TurnWatch {
  /** Told a turn's task when it is waited for: begun here, or joined. */
  readonly onTurn?: ((task: TaskRecord) => void) | undefined;
  /** Aborted, the turn is not begun any more; one that has begun goes on (`takeBackMessage`). */
  readonly signal?: AbortSignal | undefined;
}

/** The run was stopped, by Ctrl-C, by a pause, or by a limit: what is done is kept. */
export class GroupStopped extends Error {
  override readonly name = 'GroupStopped';
  readonly task: TaskRecord;

  constructor(task: TaskRecord) {
    super(task.errorMessage ?? `Task ${task.taskId} is ${task.status}.`);
    this.task = task;
  }
}

/**
 * Holds a turn of a group exactly once, whoever asks for it and however often: a step that was held comes back as it
 * is, one that is under way is joined, and what was left by a process that died is gone on with first. Turns never
 * overlap, since each hears those before it.
 *
 * @param step what the turn is called; `null` for one that is new however often it is asked for
 * @param plan what to do, given all that has happened before it and the turn's number
 * @param joins whether a turn that somebody else holds just now is the one that is wanted. @default by its step
 * @throws GroupStopped; the signal's reason where it was aborted before the turn began
 */
export async function holdTurn(
  runner: TaskRunner,
  focusGroupId: string,
  step: string | null,
  plan: (history: GroupHistory | undefined, turn: number) => Promise<PlannedTurn> | PlannedTurn,
  {
    joins = () => false,
    onTurn,
    signal,
  }: TurnWatch & { readonly joins?: ((task: TaskRecord) => boolean) | undefined } = {},
): Promise<Turn> {
  for (;;) {
    signal?.throwIfAborted();
    const history = await findGroup(runner.tasks, focusGroupId);
    const turns = history?.turns ?? [];
    const under = turns.find(({ task }) => task.finishedAt === null);
    if (under !== undefined) {
      onTurn?.(under.task);
      const task = await seeThrough(runner, under.task);
      if (task.status === 'cancelled' && under.step === step) throw new GroupStopped(task);
      if (task.status !== 'cancelled' && joins(task)) return { ...under, task };
      continue;
    }
    const held = turns.find((turn) => turn.step === step);
    if (held !== undefined) return held;
    const turn = (turns.at(-1)?.turn ?? -1) + 1;
    const { job, params, items, ...planned } = await plan(history, turn);
    signal?.throwIfAborted();
    const place: TurnPlace = { focusGroupId, turn, step: planned.step };
    const submitted = await runner.submit({
      job,
      taskKey: groupTaskKey(focusGroupId),
      taskParams: { ...params, ...place },
      items,
      // So that no two turns can have one number, whatever is said in them.
      identity: { focusGroupId, turn },
      settings: planned.settings ?? turns[0]?.task.settings,
    });
    const twin = submitted.isNew ? await cancelTwin(runner, place, submitted.task.taskId) : undefined;
    if (twin !== undefined) {
      if (joins(twin.task)) return twin;
      continue;
    }
    if (signal?.aborted && submitted.isNew && planned.isPreparation !== true)
      await runner.cancel(submitted.task.taskId, { reason: 'Taken back before it began.' });
    signal?.throwIfAborted();
    const record = await existing(runner, submitted.task.taskId);
    onTurn?.(record);
    const task = await seeThrough(runner, record);
    if (task.status === 'cancelled') throw new GroupStopped(task);
    if (submitted.isNew ? planned.isPreparation !== true : joins(task)) return { ...place, task };
  }
}

/** Another process may have held the whole turn between our look and our submission: then ours is cancelled. */
async function cancelTwin(
  runner: TaskRunner,
  { focusGroupId, turn }: TurnPlace,
  taskId: string,
): Promise<Turn | undefined> {
  const history = await findGroup(runner.tasks, focusGroupId);
  const first = history?.turns.find((other) => other.turn === turn);
  if (first === undefined || first.task.taskId === taskId) return undefined;
  await runner
    .cancel(taskId, { reason: `Task ${first.task.taskId} is the same turn.` })
    .catch((error: unknown) => {
      // Ended by itself meanwhile: of two of one number the later does not count (`findGroup`).
      if (!(error instanceof ToolkitError && error.code === 'ILLEGAL_TRANSITION')) throw error;
    });
  return first;
}

/** Waits for a turn's end, here or elsewhere. @throws GroupStopped */
async function seeThrough(runner: TaskRunner, task: TaskRecord): Promise<TaskRecord> {
  if (task.finishedAt === null) await runner.resume(task.taskId);
  await runner.wait(task.taskId);
  const ended = await existing(runner, task.taskId);
  if (ended.finishedAt === null) throw new GroupStopped(ended);
  return ended;
}

/** Asks again for what failed in a turn, and waits for its end. @throws GroupStopped */
export async function retryTurn(
  runner: TaskRunner,
  task: TaskRecord,
  { onTurn }: TurnWatch = {},
): Promise<TaskRecord> {
  await runner.retryFailed(task.taskId);
  onTurn?.(task);
  return seeThrough(runner, task);
}

async function existing(runner: TaskRunner, taskId: string): Promise<TaskRecord> {
  const task = await runner.tasks.store.get(taskId);
  if (task !== undefined) return task;
  throw new PanelistError('TASK_NOT_FOUND', `Task ${taskId} is gone.`);
}
