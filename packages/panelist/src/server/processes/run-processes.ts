import { isActive, type TaskManager, type TaskSummary } from '@panelist/toolkit';
import { groupsToContinue } from '../../application/focus-groups/groups-to-continue.ts';
import type { RunFigures } from '../../application/runs/run-figures.ts';
import { ServerError } from '../errors/server-error.ts';
import type { RunCommands } from './commands/index.ts';
import { HOSTED, hostedTask } from './hosted-task.ts';
import type { RunProcessData } from './messages.ts';
import { RefusalHistory, type RefusalSample } from './refusal-history.ts';
import { type CommandInput, type CommandOutput, RunProcess } from './run-process.ts';

/** A task whose run ended by a fault, such as a full disk, is tried again after so long. */
const RETRY_AFTER_FAULT_MS = 30_000;
/** How long a process that keeps crashing is left alone: it doubles with each crash, up to the longest. */
const FIRST_RESTART_MS = 500;
const LONGEST_RESTART_MS = 30_000;

export interface RunProcessesOptions {
  readonly tasks: TaskManager;
  readonly data: RunProcessData;
  readonly log: (text: string) => void;
  /** Whether the operator offers the model at that address. */
  readonly mayAsk: (model: unknown, baseUrl: unknown) => boolean;
}

/**
 * The processes that run tasks. One runs all of them, since runs on the same account share its throttle. If it crashes, its
 * tasks go on in a new one. Any task that was running in two crashes may be why: it is then run in a process of its own, one
 * after the other, and if it ends that too, it is put into quarantine: paused, and run again only when somebody says so.
 */
export class RunProcesses {
  readonly #options: RunProcessesOptions;
  readonly #figures = new Map<string, RunFigures>();
  readonly #ofProcess = new Map<RunProcess, Set<string>>();
  readonly #refusals = new RefusalHistory();
  readonly #faults = new Map<string, string>();
  /** How many crashes of the shared process each task was running in. */
  readonly #strikes = new Map<string, number>();
  readonly #suspects: string[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #shared: RunProcess | undefined;
  #isolated: { readonly process: RunProcess; readonly taskId: string } | undefined;
  #crashes = 0;
  #restartAt = 0;
  #isStopping = false;

  constructor(options: RunProcessesOptions) {
    this.#options = options;
  }

  /** What only the process knows that runs the task; `undefined` where it doesn't run here. */
  figures(taskId: string): RunFigures | undefined {
    return this.#figures.get(taskId);
  }

  /** When the provider refused requests of the task's run, since this server runs it. */
  refusals(taskId: string): readonly RefusalSample[] {
    return this.#refusals.of(taskId);
  }

  /** Why the task's run has ended here although it isn't finished; it is tried again. */
  fault(taskId: string): string | undefined {
    return this.#faults.get(taskId);
  }

  get pids(): readonly number[] {
    return [...this.#ofProcess.keys()].flatMap(({ pid }) => pid ?? []);
  }

  /** @throws what the command throws; ServerError `RUN_PROCESS_ENDED`, `SERVER_STOPPING` */
  call<Name extends keyof RunCommands>(
    command: Name,
    input: CommandInput<Name>,
  ): Promise<CommandOutput<Name>> {
    const { taskId } = input as { readonly taskId?: string };
    return this.#processOf(taskId).call(command, input);
  }

  /** Starts the process before its first call, which need not wait for it then. */
  warm(): void {
    this.#processOf(undefined);
  }

  /** Goes on with all tasks that the server ran when it was stopped or killed. */
  async resumeHosted(): Promise<void> {
    const { tasks, mayAsk, log } = this.#options;
    for (const { taskId, ...task } of await this.#active()) {
      if (task.status === 'paused' || !isToResume(task)) continue;
      if (mayAsk(task.params.model, task.params.baseUrl)) this.#resume(taskId);
      else this.#refused(taskId);
    }
    const alone = await this.#groupsAlone();
    for (const { focusGroupId, model, baseUrl } of await groupsToContinue(tasks)) {
      if (alone.has(focusGroupId)) continue;
      if (mayAsk(model, baseUrl))
        this.call('continueGroup', { focusGroupId }).catch((error: Error) => log(error.message));
      else log(`The focus group ${focusGroupId} does not go on: its model isn't offered any more.`);
    }
  }

  /** The server asks only models that its operator offers, whatever it has begun before. */
  #refused(taskId: string): void {
    this.#faults.set(taskId, "Its model isn't offered any more: the operator can add it with --model.");
    this.#options.log(`${taskId} does not go on: its model isn't offered any more.`);
  }

  /** Groups of which a turn is to be run in a process of its own, or is. */
  async #groupsAlone(): Promise<ReadonlySet<string>> {
    const taskIds = [...this.#suspects, ...(this.#isolated === undefined ? [] : [this.#isolated.taskId])];
    if (taskIds.length === 0) return new Set();
    const request = { taskIds, params: ['focusGroupId'], limit: taskIds.length };
    const { entries } = await this.#options.tasks.store.summaries(request);
    return new Set(entries.map(({ params }) => String(params.focusGroupId)));
  }

  /** Runs a task, and goes on with it after a restart of the server. */
  async run(taskId: string): Promise<void> {
    const { tasks } = this.#options;
    const record = await tasks.store.get(taskId);
    if (record !== undefined && hostedTask(record).isQuarantined) this.#isolate(taskId);
    await tasks.store.configure(taskId, { ...HOSTED, quarantined: null });
    this.#faults.delete(taskId);
    if (!this.#suspects.includes(taskId)) {
      await this.call('resume', { taskId });
      return;
    }
    // Its turn may come later: only what is to run then is.
    if (record?.status === 'paused') await tasks.resumeTask(taskId);
    this.#nextSuspect();
  }

  /** Does failed items of a task again, and goes on with it after a restart of the server. */
  async retryFailed(taskId: string, codes: readonly string[] | null): Promise<CommandOutput<'retryFailed'>> {
    const { store } = this.#options.tasks;
    const record = await store.get(taskId);
    if (record !== undefined && hostedTask(record).isQuarantined)
      throw new ServerError(
        'TASK_QUARANTINED',
        'The task has ended its process several times. Resume it first: it is run alone then.',
      );
    await store.configure(taskId, HOSTED);
    return this.call('retryFailed', { taskId, codes });
  }

  /** Lets the calls in flight finish for so long, and ends the processes. Tasks stay as they are. */
  async stop(drainMs: number): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all([...this.#ofProcess.keys()].map((each) => each.stop(drainMs)));
  }

  #processOf(taskId: string | undefined): RunProcess {
    if (this.#isStopping) throw new ServerError('SERVER_STOPPING', 'The server is stopping.');
    if (taskId !== undefined && this.#isolated?.taskId === taskId) return this.#isolated.process;
    if (this.#shared === undefined && Date.now() < this.#restartAt)
      throw new ServerError(
        'RUN_PROCESS_ENDED',
        'The process that runs tasks keeps ending, and is started again in some seconds. See the log of the server.',
      );
    this.#shared ??= this.#start();
    return this.#shared;
  }

  #start(): RunProcess {
    const runs = new Set<string>();
    const process: RunProcess = new RunProcess(this.#options.data, {
      figures: (figures) => this.#looked(process, figures),
      fault: (taskId, error) => this.#failed(taskId, error),
      crashed: () => void this.#crashed(process),
    });
    this.#ofProcess.set(process, runs);
    void process.ended.then(() => {
      for (const taskId of runs) this.#figures.delete(taskId);
      this.#ofProcess.delete(process);
    });
    return process;
  }

  #looked(process: RunProcess, figures: readonly RunFigures[]): void {
    const runs = this.#ofProcess.get(process)!;
    for (const taskId of runs) this.#figures.delete(taskId);
    runs.clear();
    for (const each of figures) {
      this.#figures.set(each.taskId, each);
      this.#refusals.add(each, Date.now());
      runs.add(each.taskId);
    }
    if (figures.length > 0) this.#crashes = 0;
  }

  #failed(taskId: string, error: Error): void {
    this.#options.log(`The run of ${taskId} has ended: ${error.message}`);
    this.#faults.set(taskId, error.message);
    this.#later(RETRY_AFTER_FAULT_MS, () => this.#resume(taskId));
  }

  async #crashed(process: RunProcess): Promise<void> {
    const { tasks, log } = this.#options;
    const runs = [...(this.#ofProcess.get(process) ?? [])];
    if (process === this.#isolated?.process) {
      const { taskId } = this.#isolated;
      this.#isolated = undefined;
      log(
        `${taskId} has ended the process of its own that it ran in. It is paused, and not resumed by itself.`,
      );
      await this.#quarantine(taskId);
      this.#nextSuspect();
      return;
    }
    this.#shared = undefined;
    const delay = Math.min(FIRST_RESTART_MS * 2 ** this.#crashes, LONGEST_RESTART_MS);
    this.#crashes += 1;
    this.#restartAt = Date.now() + delay;
    log(`The process that runs tasks has ended unexpectedly with ${runs.length} tasks. They go on.`);
    this.#later(delay, async () => {
      for (const { taskId, status } of (
        await tasks.store.summaries({ taskIds: runs, limit: Math.max(runs.length, 1) })
      ).entries) {
        if (!isActive(status)) continue;
        const strikes = (this.#strikes.get(taskId) ?? 0) + 1;
        this.#strikes.set(taskId, strikes);
        if (strikes >= 2) this.#isolate(taskId);
      }
      await this.resumeHosted();
      this.#nextSuspect();
    });
  }

  async #quarantine(taskId: string): Promise<void> {
    const { tasks } = this.#options;
    await tasks.configureTask(taskId, { quarantined: true });
    const reason = 'Its runs have ended their processes three times. It is resumed only by hand.';
    // It may have been paused or cancelled meanwhile.
    await tasks.pauseTask(taskId, { reason }).catch(() => {});
  }

  #isolate(taskId: string): void {
    if (!this.#suspects.includes(taskId) && this.#isolated?.taskId !== taskId) this.#suspects.push(taskId);
  }

  #nextSuspect(): void {
    if (this.#isolated !== undefined || this.#isStopping) return;
    const taskId = this.#suspects.shift();
    if (taskId === undefined) return;
    const process = this.#start();
    const isolated = { process, taskId };
    this.#isolated = isolated;
    const run = async (): Promise<void> => {
      // It may have been paused or cancelled while it waited.
      if (await this.#isToRun(taskId)) await process.call('seeThrough', { taskId });
    };
    run()
      .catch((error: Error) => {
        // Its crash is handled where the process is.
        if (this.#isolated === isolated) this.#failed(taskId, error);
      })
      .finally(() => {
        if (this.#isolated === isolated) void this.#endIsolated();
      });
  }

  async #endIsolated(): Promise<void> {
    const isolated = this.#isolated;
    if (isolated === undefined) return;
    this.#isolated = undefined;
    this.#strikes.delete(isolated.taskId);
    await isolated.process.stop(0);
    this.#nextSuspect();
  }

  async #isToRun(taskId: string): Promise<boolean> {
    const { store } = this.#options.tasks;
    const [task] = (await store.summaries({ taskIds: [taskId] })).entries;
    return task !== undefined && isActive(task.status) && task.status !== 'paused';
  }

  #resume(taskId: string): void {
    if (this.#suspects.includes(taskId) || this.#isolated?.taskId === taskId) return;
    const call = async (): Promise<void> => {
      this.#faults.delete(taskId);
      if (await this.#isToRun(taskId)) await this.call('resume', { taskId });
    };
    call().catch((error: Error) => {
      if (!this.#isStopping) this.#failed(taskId, error);
    });
  }

  async #active(): Promise<readonly TaskSummary[]> {
    const { store } = this.#options.tasks;
    const found: TaskSummary[] = [];
    let after: string | undefined;
    do {
      const page = await store.summaries({
        statuses: ['pending', 'running', 'paused'],
        params: ['model', 'baseUrl'],
        after,
        limit: 500,
      });
      found.push(...page.entries);
      after = page.next ?? undefined;
    } while (after !== undefined);
    return found;
  }

  #later(ms: number, run: () => void | Promise<void>): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      Promise.resolve(run()).catch((error: Error) => this.#options.log(error.message));
    }, ms);
    this.#timers.add(timer);
  }
}

function isToResume(task: Pick<TaskSummary, 'settings'>): boolean {
  const { isHosted, isQuarantined } = hostedTask(task);
  return isHosted && !isQuarantined;
}
