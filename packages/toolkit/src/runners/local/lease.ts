import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Clock } from '../../clock/clock.ts';
import { ToolkitError } from '../../errors/toolkit-error.ts';
import { isActive, type TaskRecord } from '../../tasks/task-record.ts';
import type { TaskStore } from '../../tasks/task-store.ts';

/**
 * Identifies the owner of a lease: machine, process and runner. Processes in different PID namespaces of one host
 * (containers) count as different machines, since their process numbers mean nothing to each other.
 */
export function leaseOwner(): string {
  return `${machine()}/${process.pid}/${randomUUID()}`;
}

/**
 * Whether that owner's process is known to be dead: it was on this machine and its process number is unused. False
 * whenever in doubt, because running a task twice is worse than waiting for its lease to lapse.
 */
export function isKnownDead(owner: string): boolean {
  const [ownerMachine, pid] = owner.split('/');
  if (ownerMachine !== machine() || pid === undefined || !/^[1-9]\d*$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

function machine(): string {
  return `${hostname()}:${pidNamespace()}`.replaceAll('/', '_');
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

export interface LeaseHeartbeatOptions {
  readonly store: TaskStore;
  readonly clock: Clock;
  readonly owner: string;
  readonly leaseMs: number;
  /** Called with the task at each beat: other processes may have changed its status or its settings. */
  readonly onTask: (task: TaskRecord) => void;
  /** Called once when the lease is lost or cannot be renewed. */
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
      const task = await store.get(taskId);
      if (task !== undefined && isActive(task.status)) await renew();
      if (!ended && task !== undefined) options.onTask(task);
    } catch (error) {
      // A busy database may answer the next time; until then, no other process can acquire the lease either.
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
