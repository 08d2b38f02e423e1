import { randomUUID } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names the one who holds a lease: machine, process and runner. Processes in different PID namespaces of one host
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
