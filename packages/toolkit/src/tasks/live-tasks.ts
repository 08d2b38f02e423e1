import type { Clock } from '../clock/clock.ts';
import { nextTurn } from '../clock/turns.ts';
import { ResultWindow, type SequencedResult } from './result-window.ts';
import { Task, type TaskState } from './task.ts';
import type { JsonValue, TaskRecord, TaskSummary } from './task-record.ts';
import type { TaskStore } from './task-store.ts';

/** Results that are read before other work gets its turn. */
const RESULTS_PER_TURN = 500;

/** The `Task` objects that a manager has handed out: one per id, for as long as the program refers to it. */
export class LiveTasks {
  readonly #clock: Clock;
  readonly #maxResults: number;
  readonly #tasks = new Map<string, WeakRef<Task>>();
  readonly #states = new WeakMap<Task, TaskState>();
  readonly #dropped = new FinalizationRegistry<string>((taskId) => {
    if (this.#tasks.get(taskId)?.deref() === undefined) this.#tasks.delete(taskId);
  });

  constructor(clock: Clock, maxResults: number) {
    this.#clock = clock;
    this.#maxResults = maxResults;
  }

  /** The task of that record, showing it unless it already shows a later one. */
  show(record: TaskRecord): Task {
    return this.#update(record).task;
  }

  /** Shows the summary in the `Task` object that was handed out, where there is one. */
  refresh({ params: _, ...summary }: TaskSummary): void {
    const task = this.#tasks.get(summary.taskId)?.deref();
    if (task !== undefined) this.#update({ ...summary, taskParams: task.taskParams });
  }

  /** The same as `show`, with the result that was recorded with it. */
  showResult(record: TaskRecord, result: JsonValue): Task {
    const { task, state } = this.#update(record);
    state.results.push({ sequence: record.revision, result }, state.record.completedCount);
    return task;
  }

  /** The same as `show`, with the latest results of the store, which any process may have recorded. */
  async load(record: TaskRecord, store: TaskStore): Promise<Task> {
    const { task, state } = this.#update(record);
    if (state.results.isCurrent(record.revision)) return task;
    const wanted = Math.min(this.#maxResults, record.completedCount);
    const newest: SequencedResult[] = [];
    let after: number | undefined = record.revision + 1;
    while (after !== undefined && newest.length < wanted) {
      const limit = Math.min(RESULTS_PER_TURN, wanted - newest.length);
      const page = await store.results(record.taskId, { after, limit, newestFirst: true });
      newest.push(...page.entries);
      after = page.next ?? undefined;
      if (after !== undefined) await nextTurn();
    }
    this.#reload(record, newest.reverse());
    return task;
  }

  /** Shows the `newest` results up to the record's revision, in the order of recording. */
  #reload(record: TaskRecord, newest: readonly SequencedResult[]): void {
    const { state } = this.#update(record);
    state.results.reload(newest, record.completedCount, record.revision);
    // Results may have been taken back meanwhile.
    state.results.saw(state.record.revision, state.record.completedCount);
  }

  #update(record: TaskRecord): { readonly task: Task; readonly state: TaskState } {
    const known = this.#tasks.get(record.taskId)?.deref();
    const state = known && this.#states.get(known);
    if (known === undefined || state === undefined) return this.#make(record);
    if (record.revision >= state.record.revision) {
      state.record = record;
      state.results.saw(record.revision, record.completedCount);
    }
    return { task: known, state };
  }

  #make(record: TaskRecord): { readonly task: Task; readonly state: TaskState } {
    const state: TaskState = { record, results: new ResultWindow(this.#maxResults) };
    state.results.saw(record.revision, record.completedCount);
    const task = new Task(state, this.#clock);
    this.#tasks.set(record.taskId, new WeakRef(task));
    this.#states.set(task, state);
    this.#dropped.register(task, record.taskId);
    return { task, state };
  }
}
