import type { Workspace } from '../../application/open-workspace.ts';

/** Opens the database of the thread, once. It has no API keys: a thread calls no model. */
export type ThreadDatabase = () => Promise<Workspace>;

/** Work of a thread: plain data in; plain data, or the parts of a file, out. */
export type ThreadJob<Input, Output> = (open: ThreadDatabase, input: Input) => Output;

/** What jobs are put into: each lane is a thread of its own. */
export interface Lane {
  /** Jobs at once. One where a job may have to be killed: the others of its thread would go with it. */
  readonly concurrency: number;
  /** Megabytes. A thread that exceeds them ends with the job that it has. */
  readonly maxHeapMb: number;
  /** Milliseconds until a job is given up, and its thread with it; for a stream, from each of its parts to the next. */
  readonly timeoutMs: number;
  /** Whether its thread stays while it has nothing to do, since it remembers what takes seconds to read. */
  readonly isKept: boolean;
}
