import type { TaskManager } from '@panelist/toolkit';
import type { OpenTasks } from '../application/tasks/open-tasks.ts';
import type { LiveEvents } from './live/live-events.ts';
import type { TaskViews } from './live/task-views.ts';
import type { OfferedModels } from './offered-models.ts';
import type { RunProcesses } from './processes/run-processes.ts';
import type { WorkThreads } from './threads/work-threads.ts';
import type { Uploads } from './uploads.ts';

/** What routes are made of. */
export interface ServerContext {
  /** For reads of rows and small writes. What takes longer belongs into `threads`, and what calls a model into `runs`. */
  readonly tasks: TaskManager;
  /** Which processes work on the tasks. */
  readonly workers: OpenTasks['workers'];
  readonly threads: WorkThreads;
  readonly runs: RunProcesses;
  readonly live: LiveEvents;
  readonly views: TaskViews;
  readonly models: OfferedModels;
  readonly uploads: Uploads;
  /** Of this start of the server: a page notices that it was started again. */
  readonly instance: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Aborts when the server stops: streams end then. */
  readonly stopping: AbortSignal;
}
