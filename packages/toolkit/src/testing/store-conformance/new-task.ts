import type { TaskRecord } from '../../tasks/task-record.ts';
import type { NewTask, TaskStore } from '../../tasks/task-store.ts';

/** A task for a test; `taskId` is made of `fingerprint` unless given. */
export function newTask(overrides: Partial<NewTask> = {}): NewTask {
  const { fingerprint = 'f1' } = overrides;
  return {
    taskId: `task_${fingerprint}`,
    taskKey: 'survey_1',
    fingerprint,
    taskParams: { ids: [1, 2, 3], note: 'héllo 你好 "quoted"\n' },
    job: null,
    totalCount: 3,
    createdAt: 1_000,
    ...overrides,
  };
}

export async function runningTask(store: TaskStore, overrides: Partial<NewTask> = {}): Promise<TaskRecord> {
  const { task } = await store.create(newTask(overrides));
  return store.transition(task.taskId, 'running', { at: 2_000 });
}

/** A running task with the items `item-0`, `item-1` … */
export function taskWithItems(store: TaskStore, count: number): Promise<TaskRecord> {
  const items = Array.from({ length: count }, (_, index) => ({ key: `item-${index}`, input: { index } }));
  return runningTask(store, { totalCount: count, items });
}
