import { randomUUID } from 'node:crypto';
import { quote, sleep, type TaskManager, type TaskSettings, type TaskSummary } from '@panelist/toolkit';
import { PanelistError } from '../../panelist-error.ts';
import { type HostRequest, type StoredGroupState, stateSettings, storedState } from './group-state.ts';
import { groupTasks, openingOf } from './turn-rows.ts';

/** Requests of one group that have not ended. */
const MAX_REQUESTS = 50;
/** Characters of all of them as JSON: they are stored in one row, which every look at the group reads. */
const MAX_SIZE = 200_000;

/** A process that dies while it changes them keeps the others from it for so long, milliseconds. */
const LOCK_MS = 5_000;
const LOCK_RETRY_MS = 20;

/**
 * What a host has asked of one group and has not ended, in the database. One process changes it at a time: it has the lease
 * of the group's opening, which needs none to be run any more.
 */
export class GroupRequests {
  readonly #tasks: TaskManager;
  readonly #focusGroupId: string;
  #changing: Promise<unknown> = Promise.resolve();

  constructor(tasks: TaskManager, focusGroupId: string) {
    this.#tasks = tasks;
    this.#focusGroupId = focusGroupId;
  }

  /** @throws PanelistError `GROUP_NOT_FOUND` */
  async read(): Promise<StoredGroupState> {
    return storedState((await this.#opening()).settings);
  }

  /**
   * @returns whether it was added: not where the same request waits, is under way, or was done before
   * @throws PanelistError `USAGE` for too many requests, or too large ones
   */
  async add(request: HostRequest, marks: TaskSettings = {}): Promise<boolean> {
    if (await this.wasTaken(request)) return false;
    let isNew = false;
    await this.change((state) => {
      if (state.requests.some(({ id }) => id === request.id)) return state;
      const requests = [...state.requests, request];
      if (requests.length > MAX_REQUESTS || JSON.stringify(requests).length > MAX_SIZE)
        throw new PanelistError(
          'USAGE',
          requests.length > MAX_REQUESTS
            ? `${MAX_REQUESTS} requests wait in the focus group ${quote(this.#focusGroupId)} already. Wait until some are done.`
            : `What waits in the focus group ${quote(this.#focusGroupId)} would be larger than ${MAX_SIZE} characters. Wait until some of it is done, or ask a shorter poll.`,
        );
      isNew = true;
      return { ...state, requests };
    }, marks);
    return isNew;
  }

  remove({ id }: Pick<HostRequest, 'id'>): Promise<StoredGroupState> {
    return this.change((state) => ({
      ...state,
      requests: state.requests.filter((request) => request.id !== id),
    }));
  }

  /** Whether the turn of a request was begun: it has ended, goes on, or was taken back. */
  async wasTaken(request: HostRequest): Promise<boolean> {
    const task = await this.taskOf(request);
    return task !== undefined && task.finishedAt !== null;
  }

  /** The newest task of a message's or poll's turn. */
  async taskOf(request: HostRequest): Promise<TaskSummary | undefined> {
    const step = stepOf(request);
    if (step === null) return undefined;
    const tasks = await groupTasks(this.#tasks, this.#focusGroupId, ['step']);
    return tasks.findLast(({ params }) => params.step === step);
  }

  /** One change after the other. */
  change(
    make: (state: StoredGroupState) => StoredGroupState,
    marks: TaskSettings = {},
  ): Promise<StoredGroupState> {
    const changing = this.#changing.then(async () =>
      this.#alone((await this.#opening()).taskId, async (taskId) => {
        const state = make(await this.read());
        await this.#tasks.configureTask(taskId, { ...marks, ...stateSettings(state) });
        return state;
      }),
    );
    this.#changing = changing.catch(() => {});
    return changing;
  }

  /** While no other process changes them: another server on this database may be asked at this moment. */
  async #alone<T>(taskId: string, change: (taskId: string) => Promise<T>): Promise<T> {
    const { store } = this.#tasks;
    const owner = `requests ${randomUUID()}`;
    while (!(await store.acquireLease(taskId, { owner, ttlMs: LOCK_MS, now: Date.now() })))
      await sleep(LOCK_RETRY_MS);
    try {
      return await change(taskId);
    } finally {
      await store.releaseLease(taskId, owner);
    }
  }

  async #opening(): Promise<TaskSummary> {
    return openingOf(await groupTasks(this.#tasks, this.#focusGroupId), this.#focusGroupId);
  }
}

function stepOf({ kind, id }: HostRequest): string | null {
  if (kind === 'say') return `said-${id}`;
  return kind === 'poll' ? `poll-${id}` : null;
}
