import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunFigures } from '../../application/runs/run-figures.ts';
import { errorOf } from '../errors/portable-error.ts';
import { ServerError } from '../errors/server-error.ts';
import type { RunCommands } from './commands/index.ts';
import { type FromRunProcess, RUN_PROCESS_DATA, type RunProcessData, type ToRunProcess } from './messages.ts';

export type CommandInput<Name extends keyof RunCommands> = Parameters<RunCommands[Name]>[1];
export type CommandOutput<Name extends keyof RunCommands> = Awaited<ReturnType<RunCommands[Name]>>;

export interface RunProcessEvents {
  readonly figures: (figures: readonly RunFigures[]) => void;
  readonly fault: (taskId: string, error: Error) => void;
  /** It has ended without being asked to: by a fault, by the system, or out of memory. */
  readonly crashed: (process: RunProcess) => void;
}

/** Megabytes of heap of a run process: a run holds little, whatever its size. */
const MAX_HEAP_MB = 2_048;

/** A process that runs tasks, as the server sees it. */
export class RunProcess {
  readonly #child: ChildProcess;
  readonly #calls = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  readonly #ready = Promise.withResolvers<void>();
  readonly ended: Promise<void>;
  #nextId = 1;
  #isStopping = false;

  constructor(data: RunProcessData, events: RunProcessEvents) {
    this.#child = fork(fileURLToPath(import.meta.resolve('#run-process')), [], {
      env: { ...process.env, [RUN_PROCESS_DATA]: JSON.stringify(data) },
      serialization: 'advanced',
      execArgv: [...process.execArgv, `--max-old-space-size=${MAX_HEAP_MB}`],
      // Standard output is the server's own.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#ready.promise.catch(() => {});
    this.#child.on('message', (message: FromRunProcess) => {
      if (message.type === 'ready') this.#ready.resolve();
      else if (message.type === 'figures') events.figures(message.figures);
      else if (message.type === 'fault') events.fault(message.taskId, errorOf(message.error));
      else this.#settle(message);
    });
    this.ended = new Promise((resolve) => {
      const onEnd = (): void => {
        const error = new ServerError(
          'RUN_PROCESS_ENDED',
          'The process that runs tasks has ended, and is started again. Try again in a moment.',
        );
        this.#ready.reject(error);
        for (const { reject } of this.#calls.values()) reject(error);
        this.#calls.clear();
        if (!this.#isStopping) events.crashed(this);
        this.#isStopping = true;
        resolve();
      };
      this.#child.once('exit', onEnd);
      this.#child.once('error', onEnd);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  async call<Name extends keyof RunCommands>(
    command: Name,
    input: CommandInput<Name>,
  ): Promise<CommandOutput<Name>> {
    await this.#ready.promise;
    const id = this.#nextId++;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#calls.set(id, { resolve, reject });
    this.#send({ type: 'call', id, command, input });
    return promise as Promise<CommandOutput<Name>>;
  }

  /** Lets the calls in flight finish for so long, milliseconds, and ends. */
  async stop(drainMs: number): Promise<void> {
    this.#isStopping = true;
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), drainMs + 5_000);
    // It may not have opened its database yet.
    await Promise.race([this.#ready.promise.catch(() => {}), this.ended]);
    this.#send({ type: 'shutdown', drainMs });
    await this.ended;
    clearTimeout(kill);
  }

  #send(message: ToRunProcess): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #settle(message: Extract<FromRunProcess, { id: number }>): void {
    const call = this.#calls.get(message.id);
    this.#calls.delete(message.id);
    if (message.type === 'value') call?.resolve(message.value);
    else call?.reject(errorOf(message.error));
  }
}
