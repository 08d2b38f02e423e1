/** What `bench/cluster.ts` measures: a queue of items for worker processes, whichever library it is. */
export interface Addresses {
  readonly postgres: string;
  /** `undefined` if redis-server isn't installed. */
  readonly redis: string | undefined;
}

export interface WorkerOptions {
  /** Unique among the workers of one run. */
  readonly name: string;
  /** Items at once in this process. */
  readonly concurrency: number;
}

/** Works on one item and returns its result. */
export type WorkOnItem = (key: string) => Promise<string>;

export interface Recorded {
  readonly rows: number;
  readonly distinctKeys: number;
}

/** The submitting side, in the process of the benchmark. */
export interface Submitter {
  submit(keys: readonly string[]): Promise<void>;
  /** How many results are recorded: cheap, since it is asked while workers work. */
  count(): Promise<number>;
  recorded(): Promise<Recorded>;
  close(): Promise<void>;
}

/** A worker process's side. */
export interface ClusterWorker {
  /** Begins to take items. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface Contender {
  readonly title: string;
  readonly needsRedis?: boolean;
  /** Items per second are measured over this many seconds, where draining all items would take hours. */
  readonly measuredForSeconds?: number;
  /** Prepares an empty database. */
  open(at: Addresses): Promise<Submitter>;
  /** Connects, in a worker process. */
  work(at: Addresses, options: WorkerOptions, workOnItem: WorkOnItem): Promise<ClusterWorker>;
}
