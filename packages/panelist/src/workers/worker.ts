/** What a process is that works on tasks, from its start to its end. */
export interface WorkerIdentity {
  /** `worker`: of everybody's tasks. `server`: of those of a page. `command`: of one command's own. */
  readonly role: 'worker' | 'server' | 'command';
  /** What it works on, such as `survey`; `null` where it works on its own tasks only. */
  readonly jobs: readonly string[] | null;
  /** Items at once, of all tasks together; `null` where only the tasks' own limits hold. */
  readonly maxConcurrency: number | null;
  /** How many migrations of the database it knows. */
  readonly schemaVersion: number;
}

/** What it does at this moment. */
export interface WorkerFigures {
  /** `draining`: it starts nothing more, and ends once what is in flight has. */
  readonly state: 'working' | 'draining';
  readonly inFlight: number;
  /** The tasks that it works on. */
  readonly taskIds: readonly string[];
}

/** A process as the others see it. Times are epoch milliseconds by the database's clock. */
export interface Worker {
  readonly workerId: string;
  readonly host: string;
  readonly pid: number;
  readonly role: string;
  /** Of the program. */
  readonly version: string;
  readonly schemaVersion: number;
  readonly jobs: readonly string[] | null;
  readonly maxConcurrency: number | null;
  /** `gone`: it has not been seen for 20 seconds, and has not said that it ends. */
  readonly state: 'working' | 'draining' | 'gone';
  readonly inFlight: number;
  /** At most 100. */
  readonly taskIds: readonly string[];
  readonly startedAt: number;
  readonly seenAt: number;
}
