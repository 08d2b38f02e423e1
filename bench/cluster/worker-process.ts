/** The benchmark's side of a worker process. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Addresses } from './contender.ts';

/** `drain`: returns a result at once. `uneven`: after a while (`item-ms.ts`). `report`: also reports each item. `hang`: reports each item and never returns. */
export type WorkerMode = 'drain' | 'uneven' | 'report' | 'hang';

export type ToWorker = 'start' | 'stop';
export type FromWorker =
  | { readonly type: 'ready' }
  | {
      readonly type: 'begun';
      readonly key: string;
      /** Epoch milliseconds of this machine's clock. */
      readonly at: number;
    };

export interface WorkerProcessOptions {
  readonly contender: string;
  readonly at: Addresses;
  readonly name: string;
  readonly concurrency: number;
  readonly mode: WorkerMode;
  readonly onBegun: (key: string, at: number) => void;
}

const program = new URL('./worker.ts', import.meta.url).pathname;

export class WorkerProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when it is connected. */
  static async fork(options: WorkerProcessOptions): Promise<WorkerProcess> {
    const { contender, at, name, concurrency, mode, onBegun } = options;
    const child = fork(program, [
      contender,
      name,
      String(concurrency),
      mode,
      at.postgres,
      ...(at.redis === undefined ? [] : [at.redis]),
    ]);
    const ready = Promise.withResolvers<void>();
    child.on('message', (message: FromWorker) => {
      if (message.type === 'ready') ready.resolve();
      else onBegun(message.key, message.at);
    });
    child.once('exit', (code) => ready.reject(new Error(`A worker of ${contender} ended with ${code}.`)));
    await ready.promise;
    return new WorkerProcess(child);
  }

  start(): void {
    this.#child.send('start' satisfies ToWorker);
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Lets it close its connections; a worker that does not is killed. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    const exited = once(this.#child, 'exit');
    this.#child.send('stop' satisfies ToWorker);
    const impatience = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(impatience);
  }

  /** `kill -9` */
  async kill(): Promise<void> {
    if (this.#ended) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }
}
