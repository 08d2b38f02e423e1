import type { Task } from './task.ts';
import type { JsonValue, TaskRecord, TaskSettings, TaskStatus } from './task-record.ts';

/** A result was recorded. */
export interface TaskProgressEvent {
  readonly type: 'progress';
  readonly task: Task;
  /** `undefined` for a result that was appended without one. */
  readonly itemKey: string | undefined;
  readonly success: boolean;
  readonly result: JsonValue;
}

/** A task was created, or changed its status. */
export interface TaskStatusEvent {
  readonly type: 'status';
  readonly task: Task;
  readonly status: TaskStatus;
}

/** How a task is to be run was changed. */
export interface TaskSettingsEvent {
  readonly type: 'settings';
  readonly task: Task;
  readonly settings: TaskSettings;
}

export interface TaskEventMap {
  readonly progress: TaskProgressEvent;
  readonly status: TaskStatusEvent;
  readonly settings: TaskSettingsEvent;
}

export type TaskListener<Type extends keyof TaskEventMap> = (event: TaskEventMap[Type]) => void;

type Follower = (record: TaskRecord) => void;

/** Notifies listeners and followers of what a manager did; none of them can disturb it or the others. */
export class TaskEvents {
  readonly #onListenerError: (error: unknown) => void;
  readonly #listeners: { readonly [Type in keyof TaskEventMap]: Set<TaskListener<Type>> } = {
    progress: new Set(),
    status: new Set(),
    settings: new Set(),
  };
  readonly #followers = new Map<string, Set<Follower>>();

  constructor(onListenerError: (error: unknown) => void) {
    this.#onListenerError = onListenerError;
  }

  on<Type extends keyof TaskEventMap>(type: Type, listener: TaskListener<Type>): () => void {
    const listeners: Set<TaskListener<Type>> = this.#listeners[type];
    // Wrapped, so that the same function added twice is two listeners, each with its own end.
    const own: TaskListener<Type> = (event) => listener(event);
    listeners.add(own);
    return () => {
      listeners.delete(own);
    };
  }

  /** Calls `follower` with every change of that task's record; returns what ends it. */
  follow(taskId: string, follower: Follower): () => void {
    const followers = this.#followers.get(taskId) ?? new Set();
    this.#followers.set(taskId, followers.add(follower));
    return () => {
      followers.delete(follower);
      if (followers.size === 0 && this.#followers.get(taskId) === followers) this.#followers.delete(taskId);
    };
  }

  /** Something about it that has no event. */
  changed(record: TaskRecord): void {
    for (const follower of this.#followers.get(record.taskId) ?? []) follower(record);
  }

  progressed(record: TaskRecord, event: Omit<TaskProgressEvent, 'type'>): void {
    this.changed(record);
    const { progress } = this.#listeners;
    if (progress.size > 0) this.#notify(progress, { type: 'progress', ...event });
  }

  changedStatus(record: TaskRecord, task: Task): void {
    this.changed(record);
    this.#notify(this.#listeners.status, { type: 'status', task, status: record.status });
  }

  changedSettings(record: TaskRecord, task: Task): void {
    this.changed(record);
    this.#notify(this.#listeners.settings, { type: 'settings', task, settings: record.settings });
  }

  #notify<Event>(listeners: Iterable<(event: Event) => void>, event: Event): void {
    for (const listener of listeners) {
      try {
        // A listener may be an async function: its rejection is reported like a throw.
        const returned: unknown = listener(event);
        if (returned instanceof Promise) returned.catch(this.#onListenerError);
      } catch (error) {
        this.#onListenerError(error);
      }
    }
  }
}
