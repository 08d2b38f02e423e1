import { type JobRunner, type TaskRecord, type TaskSettings, ToolkitError } from '@panelist/toolkit';
import { submittedInSpan } from '../../models/telemetry/task-trace.ts';
import { PanelistError } from '../../panelist-error.ts';
import { groupTaskKey, type TurnPosition, turnSettings } from '../group.ts';
import { findGroup, type GroupHistory, type Turn } from '../history.ts';

/** A turn to run. */
export interface PlannedTurn {
  readonly step: string;
  readonly job: string;
  /** Besides the turn's position in the group, which `TurnRunner` adds. */
  readonly params: object;
  readonly items: readonly { readonly key: string; readonly input: unknown }[];
  /** Whether it only prepares the wanted turn, which is planned again after it. @default false */
  readonly isPreparation?: boolean | undefined;
  /** How its task is to be run. @default as the group's opening records it */
  readonly settings?: TaskSettings | undefined;
}

/** Makes a turn of all that has happened before it and of its number. */
export type TurnPlan = (
  history: GroupHistory | undefined,
  turn: number,
) => Promise<PlannedTurn> | PlannedTurn;

/** Whether a turn of another process that is under way, or has just ended, is the wanted one. */
export type TurnMatch = (task: TaskRecord, history: GroupHistory | undefined) => boolean;

/** A turn that has ended. */
export interface EndedTurn {
  readonly turn: Turn;
  /**
   * `ran`: by this runner. `joined`: another process had begun it, or left it interrupted, and it ended while this
   * runner waited for it. `found`: it had ended before.
   */
  readonly how: 'ran' | 'joined' | 'found';
}

export interface TurnWatch {
  /** Called with a turn's task when it is waited for: begun here, or joined. */
  readonly onTurn?: ((task: TaskRecord) => void) | undefined;
  /** When it aborts, the turn doesn't begin; a turn that has begun continues (`takeBackMessage`). */
  readonly signal?: AbortSignal | undefined;
  /** Awaited before a turn is looked for or begun: what else is to be said first can be said then. */
  readonly beforeTurn?: (() => Promise<void>) | undefined;
}

/** The run was stopped, by Ctrl-C, by a pause, or by a limit. What is done is recorded. */
export class GroupStopped extends Error {
  override readonly name = 'GroupStopped';
  readonly task: TaskRecord;

  constructor(task: TaskRecord) {
    super(task.errorMessage ?? `Task ${task.taskId} is ${task.status}.`);
    this.task = task;
  }
}

/** Runs the turns of one group, each exactly once, in any number of processes. */
export class TurnRunner {
  readonly focusGroupId: string;
  readonly #runner: JobRunner;
  readonly #watch: TurnWatch;
  readonly #waitedFor = new Set<string>();

  constructor(runner: JobRunner, focusGroupId: string, watch: TurnWatch = {}) {
    this.#runner = runner;
    this.focusGroupId = focusGroupId;
    this.#watch = watch;
  }

  get tasks(): JobRunner['tasks'] {
    return this.#runner.tasks;
  }

  /** How many turns it has waited for: all but those that it found ended. */
  get waitedFor(): number {
    return this.#waitedFor.size;
  }

  /**
   * Runs a turn. A step that has ended is returned as it is, and one that is under way is joined. What an interrupted
   * process left is completed first: turns never overlap, since each hears those before it.
   *
   * @param step what the turn is called; `null` for one that is new at each call
   * @param joins @default a turn is known by its step
   * @throws GroupStopped; the signal's reason where it aborted before the turn began
   */
  async run(step: string | null, plan: TurnPlan, joins: TurnMatch = () => false): Promise<EndedTurn> {
    const { signal, beforeTurn } = this.#watch;
    for (;;) {
      await beforeTurn?.();
      signal?.throwIfAborted();
      const history = await findGroup(this.tasks, this.focusGroupId);
      const turns = history?.turns ?? [];
      const underWay = turns.find(({ task }) => task.finishedAt === null);
      if (underWay !== undefined) {
        const task = await this.#seeThrough(underWay.task);
        if (task.status === 'cancelled' && underWay.step === step) throw new GroupStopped(task);
        if (task.status !== 'cancelled' && joins(task, history))
          return { turn: { ...underWay, task }, how: 'joined' };
        continue;
      }
      const ended = turns.find((turn) => turn.step === step);
      if (ended !== undefined)
        return { turn: ended, how: this.#waitedFor.has(ended.task.taskId) ? 'joined' : 'found' };
      const next = (turns.at(-1)?.turn ?? -1) + 1;
      const { settings = turns[0] && turnSettings(turns[0].task.settings), ...planned } = await plan(
        history,
        next,
      );
      signal?.throwIfAborted();
      const done = await this.#submit({ ...planned, settings }, next, (task) => joins(task, history));
      if (done !== undefined) return done;
    }
  }

  /** Runs again what failed in a turn, and waits for its end. @throws GroupStopped; the signal's reason */
  async retry(task: TaskRecord): Promise<TaskRecord> {
    await this.#watch.beforeTurn?.();
    this.#watch.signal?.throwIfAborted();
    await this.#runner.retryFailed(task.taskId);
    return this.#seeThrough(task);
  }

  /** `undefined` if the wanted turn must be planned again: this one only prepared it, or another was first. */
  async #submit(
    { step, job, params, items, isPreparation = false, settings }: PlannedTurn,
    turn: number,
    joins: (task: TaskRecord) => boolean,
  ): Promise<EndedTurn | undefined> {
    const { signal } = this.#watch;
    const { focusGroupId } = this;
    const position: TurnPosition = { focusGroupId, turn, step };
    const { task: submitted, isNew } = await submittedInSpan(job, settings ?? {}, (all) =>
      this.#runner.submit({
        job,
        taskKey: groupTaskKey(focusGroupId),
        taskParams: { ...params, ...position },
        items,
        // So that no two turns can have one number, whatever is said in them.
        identity: { focusGroupId, turn },
        settings: all,
      }),
    );
    const first = isNew ? await this.#cancelDuplicate(turn, submitted.taskId) : undefined;
    if (first !== undefined) return joins(first.task) ? { turn: first, how: 'joined' } : undefined;
    if (signal?.aborted && isNew && !isPreparation)
      await this.#runner.cancel(submitted.taskId, { reason: 'Taken back before it began.' });
    signal?.throwIfAborted();
    const task = await this.#seeThrough(await this.#existing(submitted.taskId));
    if (task.status === 'cancelled') throw new GroupStopped(task);
    if (isNew) return isPreparation ? undefined : { turn: { ...position, task }, how: 'ran' };
    return joins(task) ? { turn: { ...position, task }, how: 'joined' } : undefined;
  }

  /** Another process may have run the whole turn between our look and our submission: then ours is cancelled. */
  async #cancelDuplicate(turn: number, taskId: string): Promise<Turn | undefined> {
    const history = await findGroup(this.tasks, this.focusGroupId);
    const first = history?.turns.find((other) => other.turn === turn);
    if (first === undefined || first.task.taskId === taskId) return undefined;
    await this.#runner
      .cancel(taskId, { reason: `Task ${first.task.taskId} is the same turn.` })
      .catch((error: unknown) => {
        // It has ended meanwhile: of two turns with one number, `findGroup` ignores the later.
        if (!(error instanceof ToolkitError && error.code === 'ILLEGAL_TRANSITION')) throw error;
      });
    return first;
  }

  /** Waits for a turn's end, here or elsewhere. @throws GroupStopped */
  async #seeThrough(task: TaskRecord): Promise<TaskRecord> {
    this.#waitedFor.add(task.taskId);
    this.#watch.onTurn?.(task);
    if (task.finishedAt === null) await this.#runner.resume(task.taskId);
    await this.#runner.wait(task.taskId);
    const ended = await this.#existing(task.taskId);
    if (ended.finishedAt === null) throw new GroupStopped(ended);
    return ended;
  }

  async #existing(taskId: string): Promise<TaskRecord> {
    const task = await this.tasks.store.get(taskId);
    if (task !== undefined) return task;
    throw new PanelistError('TASK_NOT_FOUND', `Task ${taskId} is gone.`);
  }
}
