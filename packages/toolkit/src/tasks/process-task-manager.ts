import { TaskManager } from './task-manager.ts';

/** In the global registry of symbols: a second copy of this module, in the same process, finds the same manager. */
const KEY = Symbol.for('@panelist/toolkit/task-manager');

/** The process's one task manager; it keeps its tasks in memory. */
export function getTaskManager(): TaskManager {
  const shared = globalThis as { [KEY]?: TaskManager };
  shared[KEY] ??= new TaskManager();
  return shared[KEY];
}
