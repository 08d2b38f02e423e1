import type { Clock } from '../../clock/clock.ts';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import { isActive, type TaskStatus } from '../../tasks/task-record.ts';
import type { TaskStore } from '../../tasks/task-store.ts';

export interface LeaseHeartbeatOptions {
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly owner: string;
  readonly leaseMs: number;
  /** Told the task's status at each beat: other processes may have changed it. */
  readonly onStatus: (status: TaskStatus) => void;
  /** Told once that the lease is not ours any more, or cannot be renewed. */
  readonly onLost: (error: unknown) => void;
}

/** Renews a lease three times in its life until the returned function is called. */
export function keepLease(taskId: string, options: LeaseHeartbeatOptions): () => void {
  const { store, clock, owner, leaseMs } = options;
  let ended = false;
  let cancel = (): void => {};

  const renew = async (): Promise<void> => {
    if (!(await store.acquireLease(taskId, { owner, ttlMs: leaseMs, now: clock.now() })))
      throw new ToolkitError('LEASE_LOST', `Another process has taken over task ${taskId}.`);
  };
  const beat = async (): Promise<void> => {
    try {
      const status = (await store.get(taskId))?.status;
      if (status !== undefined && isActive(status)) await renew();
      if (!ended && status !== undefined) options.onStatus(status);
    } catch (error) {
      // A busy database may answer the next time; until it does, nobody else can take the lease.
      const busy = error instanceof ToolkitError && error.code === 'STORE_BUSY';
      if (ended || busy) return;
      ended = true;
      options.onLost(error);
    }
  };
  const arm = (): void => {
    if (!ended) cancel = clock.setTimer(() => void beat().then(arm), leaseMs / 3);
  };
  arm();
  return () => {
    ended = true;
    cancel();
  };
}
