import type { TaskView } from '../api/types.ts';

/** What may be done with a task, by its state. */
export interface TaskOptions {
  readonly pause: boolean;
  readonly resume: boolean;
  readonly cancel: boolean;
  readonly retry: boolean;
  readonly delete: boolean;
}

/** `interrupted` is how the API shows a running task that no process runs. */
const active = new Set(['pending', 'running', 'paused', 'interrupted']);

export function isActive({ status }: Pick<TaskView, 'status'>): boolean {
  return active.has(status);
}

export function optionsOf(task: Pick<TaskView, 'status' | 'failedCount' | 'focusGroupId'>): TaskOptions {
  const { status, failedCount, focusGroupId } = task;
  const isOver = !isActive(task);
  return {
    // A task that has not begun cannot be paused, only cancelled.
    pause: status === 'running',
    resume: status === 'paused' || status === 'interrupted',
    cancel: !isOver,
    retry: isOver && status !== 'cancelled' && failedCount > 0,
    // A turn goes with its group only.
    delete: isOver && focusGroupId === null,
  };
}
