import type { Job, TaskSettings } from '@panelist/toolkit';
import { itemInSpan } from '../../models/telemetry/task-trace.ts';
import type { ObservedItem, RunObserver } from './run-observer.ts';

/** A job that is traced from its task's submission to each call, and tells `observer` what becomes of its items. */
export function observedJob<Input, Params, Result>(
  name: string,
  job: Job<Input, Params, Result>,
  observer: RunObserver = {},
): Job<Input, Params, Result> {
  /** Of the tasks that are worked on here. */
  const settings = new Map<string, TaskSettings>();
  return {
    ...job,
    async configure(given, task) {
      const isNew = !settings.has(task.taskId);
      settings.set(task.taskId, given);
      if (isNew) observer.taskBegan?.({ job: name, taskId: task.taskId });
      await job.configure?.(given, task);
    },
    ended(task) {
      if (settings.delete(task.taskId)) observer.taskEnded?.({ job: name, taskId: task.taskId });
      job.ended?.(task);
    },
    async run(input, context) {
      const { taskId, itemKey, signal, draining, attempt = null } = context;
      const item: ObservedItem = { job: name, taskId, itemKey, attempt };
      const startedAt = performance.now();
      const ended = (how: 'succeeded' | 'failed' | 'left', error?: unknown): void =>
        observer.itemEnded?.(item, { how, elapsedMs: performance.now() - startedAt, error });
      observer.itemBegan?.(item);
      try {
        const result = await itemInSpan(
          { job: name, taskId, itemKey, settings: settings.get(taskId) ?? {} },
          async () => job.run(input, context),
        );
        ended('succeeded');
        return result;
      } catch (error) {
        const isLeft =
          signal.aborted || (draining.aborted && error === draining.reason) || job.pauseOn?.(error) === true;
        ended(isLeft ? 'left' : 'failed', error);
        throw error;
      }
    },
  };
}
