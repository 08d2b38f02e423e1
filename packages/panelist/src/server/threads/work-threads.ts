import { Worker } from 'node:worker_threads';
import { errorOf } from '../errors/portable-error.ts';
import { ServerError } from '../errors/server-error.ts';
import type { ThreadJobs } from './jobs/index.ts';
import { type LaneName, laneOf, lanes } from './lanes.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';
import type { Lane } from './thread-job.ts';

type InputOf<Name extends keyof ThreadJobs> = Parameters<ThreadJobs[Name]>[1];
type OutputOf<Name extends keyof ThreadJobs> = Awaited<ReturnType<ThreadJobs[Name]>>;

/** Jobs that wait for a thread; more are refused. */
const MAX_QUEUED = 200;
/** A thread that has nothing to do ends after so long: each takes tens of megabytes. */
const IDLE_MS = 30_000;
/** A reader that takes nothing of a file for so long is cut off. */
const MAX_STALL_MS = 60_000;
/** Of each thread: V8 would let it grow to three times that, for garbage. */
const MAX_YOUNG_MB = 16;

interface Waiting {
  readonly id: number;
  readonly job: keyof ThreadJobs;
  readonly input: unknown;
  readonly signal: AbortSignal | undefined;
  readonly value: (value: unknown) => void;
  readonly part: (part: Uint8Array) => void;
  readonly end: () => void;
  readonly fail: (error: Error) => void;
  timer?: NodeJS.Timeout;
}

/**
 * Runs what may take long, or evaluates strangers' files, in worker threads: one for each lane, started when it is needed. A
 * job that takes too long or too much memory is killed with its thread, and the next job gets a new one.
 */
export class WorkThreads {
  readonly #start: StartThread;
  readonly #lanes = new Map<LaneName, LaneThread>();
  #nextId = 1;
  #isClosed = false;

  /** @param start @default the package's own thread */
  constructor(data: ThreadData, start: StartThread = (lane, name) => startThread(data, lane, name)) {
    this.#start = start;
  }

  /**
   * @throws what the job throws; ServerError `THREAD_TIMEOUT`, `THREAD_STOPPED` (out of memory), `SERVER_BUSY`; the reason
   *   of the signal
   */
  run<Name extends keyof ThreadJobs>(
    job: Name,
    input: InputOf<Name>,
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<OutputOf<Name>> {
    return new Promise((resolve, reject) => {
      this.#lane(job).add({
        id: this.#nextId++,
        job,
        input,
        signal,
        value: (value) => resolve(value as OutputOf<Name>),
        part: () => {},
        end: () => {},
        fail: reject,
      });
    });
  }

  /** The parts of a file, read as fast as the reader takes them. Errors as with `run`, while it is read. */
  stream<Name extends keyof ThreadJobs>(job: Name, input: InputOf<Name>): ReadableStream<Uint8Array> {
    const lane = this.#lane(job);
    const id = this.#nextId++;
    let isOver = false;
    let stall: NodeJS.Timeout | undefined;
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          const ended = (end: () => void): void => {
            clearTimeout(stall);
            if (!isOver) end();
            isOver = true;
          };
          const cutOff = (): void => {
            ended(() =>
              controller.error(new ServerError('SERVER_BUSY', 'The file was not read any further.')),
            );
            lane.stop(id);
          };
          lane.add({
            id,
            job,
            input,
            signal: undefined,
            value: () => ended(() => controller.close()),
            part: (part) => {
              if (isOver) return;
              controller.enqueue(part);
              stall ??= setTimeout(cutOff, MAX_STALL_MS).unref();
            },
            end: () => ended(() => controller.close()),
            fail: (error) => ended(() => controller.error(error)),
          });
        },
        pull: () => {
          clearTimeout(stall);
          stall = undefined;
          lane.tell({ type: 'more', id });
        },
        cancel: () => {
          clearTimeout(stall);
          isOver = true;
          lane.stop(id);
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** Starts a lane's thread before its first job, which need not wait for it then. */
  warm(name: LaneName): void {
    this.#laneNamed(name).warm();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#lanes.values()].map((lane) => lane.close()));
  }

  #lane(job: keyof ThreadJobs): LaneThread {
    if (this.#isClosed) throw new ServerError('SERVER_STOPPING', 'The server is stopping.');
    return this.#laneNamed(laneOf[job]);
  }

  #laneNamed(name: LaneName): LaneThread {
    const lane = this.#lanes.get(name) ?? new LaneThread(name, () => this.#start(lanes[name], name));
    this.#lanes.set(name, lane);
    return lane;
  }
}

/** One lane: its thread, the jobs that run in it, and those that wait. */
class LaneThread {
  readonly #name: LaneName;
  readonly #startThread: () => Worker;
  readonly #queue: Waiting[] = [];
  readonly #running = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(name: LaneName, startThread: () => Worker) {
    this.#name = name;
    this.#startThread = startThread;
  }

  add(job: Waiting): void {
    if (job.signal?.aborted) {
      job.fail(job.signal.reason);
      return;
    }
    if (this.#queue.length >= MAX_QUEUED) {
      job.fail(new ServerError('SERVER_BUSY', 'The server has too much to do. Try again in a few seconds.'));
      return;
    }
    job.signal?.addEventListener('abort', () => this.#withdraw(job), { once: true });
    this.#queue.push(job);
    this.#next();
  }

  warm(): void {
    this.#worker ??= this.#start();
    this.#next();
  }

  tell(message: ToThread): void {
    if (this.#running.has(message.id)) this.#worker?.postMessage(message);
  }

  stop(id: number): void {
    this.tell({ type: 'stop', id });
    this.#finished(id);
  }

  async close(): Promise<void> {
    this.#failAll(new ServerError('SERVER_STOPPING', 'The server is stopping.'));
    for (const job of this.#queue.splice(0))
      job.fail(new ServerError('SERVER_STOPPING', 'The server is stopping.'));
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #next(): void {
    clearTimeout(this.#idle);
    const { concurrency, timeoutMs, isKept } = lanes[this.#name];
    while (this.#running.size < concurrency) {
      const job = this.#queue.shift();
      if (job === undefined) {
        if (this.#running.size === 0 && !isKept) this.#idle = setTimeout(() => this.#end(), IDLE_MS).unref();
        return;
      }
      this.#running.set(job.id, job);
      job.timer = setTimeout(() => this.#kill(job), timeoutMs);
      this.#worker ??= this.#start();
      this.#worker.postMessage({
        type: 'run',
        id: job.id,
        job: job.job,
        input: job.input,
      } satisfies ToThread);
    }
  }

  #start(): Worker {
    const worker = this.#startThread();
    worker.on('message', (message: FromThread) => this.#received(message));
    worker.on('error', (error: NodeJS.ErrnoException) => this.#ended(worker, error));
    worker.on('exit', () => this.#ended(worker, undefined));
    return worker;
  }

  #received(message: FromThread): void {
    const job = this.#running.get(message.id);
    if (job === undefined) return;
    if (message.type === 'part') {
      job.timer?.refresh();
      job.part(message.part);
      return;
    }
    this.#finished(message.id);
    if (message.type === 'value') job.value(message.value);
    else if (message.type === 'end') job.end();
    else job.fail(errorOf(message.error));
  }

  #finished(id: number): void {
    const job = this.#running.get(id);
    clearTimeout(job?.timer);
    this.#running.delete(id);
    this.#next();
  }

  #withdraw(job: Waiting): void {
    const index = this.#queue.indexOf(job);
    if (index >= 0) this.#queue.splice(index, 1);
    job.fail(job.signal?.reason as Error);
  }

  #end(): void {
    void this.#worker?.terminate();
    this.#worker = undefined;
  }

  #kill(culprit: Waiting): void {
    const seconds = Math.round(lanes[this.#name].timeoutMs / 1_000);
    this.#running.delete(culprit.id);
    culprit.fail(
      new ServerError('THREAD_TIMEOUT', `This took longer than ${seconds} seconds, and was stopped.`),
    );
    this.#failAll(
      new ServerError('THREAD_STOPPED', 'Another request has stopped the thread that did this. Try again.'),
    );
    this.#end();
    this.#next();
  }

  #ended(worker: Worker, error: NodeJS.ErrnoException | undefined): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    const isMemory = error?.code === 'ERR_WORKER_OUT_OF_MEMORY';
    this.#failAll(
      new ServerError(
        'THREAD_STOPPED',
        isMemory
          ? 'This took more memory than the server gives it, and was stopped.'
          : 'The thread that did this has ended unexpectedly.',
        { cause: error },
      ),
    );
    this.#next();
  }

  #failAll(error: Error): void {
    for (const job of this.#running.values()) {
      clearTimeout(job.timer);
      job.fail(error);
    }
    this.#running.clear();
  }
}

/** Makes a thread that speaks `ToThread` and `FromThread`. */
export type StartThread = (lane: Lane, name: string) => Worker;

function startThread(workerData: ThreadData, { maxHeapMb }: Lane, name: string): Worker {
  return new Worker(new URL(import.meta.resolve('#server-thread')), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, maxYoungGenerationSizeMb: MAX_YOUNG_MB },
    env: threadEnvironment(),
    name: `panelist ${name}`,
  });
}

/** No API keys, and nothing else of the operator's that a stranger's survey could be after. */
function threadEnvironment(): NodeJS.ProcessEnv {
  const { TZ, LANG, NODE_COMPILE_CACHE } = process.env;
  return Object.fromEntries(
    Object.entries({ TZ, LANG, NODE_COMPILE_CACHE }).filter(([, value]) => value !== undefined),
  );
}
