import { defineJob, type Job, type JobContext, type StoredAt, type TypedJob } from '@panelist/toolkit';
import type { Shape } from './shapes.ts';
import { type StoredPlace, storedAs } from './stored-row.ts';

/** What the rows of a job's tasks must be. */
export interface StoredShapes<Input, Params, Result> {
  readonly params: Shape<Params>;
  readonly input: Shape<Input>;
  readonly result: Shape<Result>;
  /** Brings parameters of an earlier version up to date, before they are checked. @default none */
  readonly upgradeParams?: ((taskParams: unknown) => unknown) | undefined;
}

/** A typed job whose rows are checked whenever they are read. */
export interface StoredJob<Input, Params, Result> extends TypedJob<Input, Params, Result> {
  /** What runs its items. It gets checked rows, and fails the item with `ROW_INVALID` where they are not what it takes. */
  runner(
    run: (input: Input, context: JobContext<Params>) => Promise<Result>,
  ): Pick<Job<unknown, unknown, Result>, 'run'>;
}

/**
 * Defines a kind of task by the shape of its rows. Reading one that has another shape throws a PanelistError
 * `ROW_INVALID`.
 */
export function defineStoredJob<Input, Params, Result>(
  name: string,
  { params, input, result, upgradeParams = (taskParams) => taskParams }: StoredShapes<Input, Params, Result>,
): StoredJob<Input, Params, Result> {
  /** By the object that a store gives for a task, which is the same for all the task's items. */
  const checked = new WeakMap<object, Params>();
  const readParams = (taskParams: unknown, at: StoredAt): Params => {
    const row = typeof taskParams === 'object' && taskParams !== null ? taskParams : undefined;
    const known = row && checked.get(row);
    if (known !== undefined) return known;
    const read = storedAs(params, upgradeParams(taskParams), placeOf(at, 'parameters'));
    if (row !== undefined) checked.set(row, read);
    return read;
  };
  const readInput = (value: unknown, at: StoredAt): Input => storedAs(input, value, placeOf(at, 'input'));
  return {
    ...defineJob<Input, Params, Result>(name, {
      params: readParams,
      input: readInput,
      result: (value, at) => storedAs(result, value, placeOf(at, 'result')),
    }),
    runner: (run) => ({
      run: async (stored, context) => {
        const { taskId, itemKey } = context;
        const taskParams = readParams(context.taskParams, { taskId, itemKey: undefined });
        return run(readInput(stored, { taskId, itemKey }), { ...context, taskParams });
      },
    }),
  };
}

function placeOf({ taskId, itemKey }: StoredAt, what: StoredPlace['what']): StoredPlace {
  return { taskId, itemKey: itemKey ?? null, what };
}
