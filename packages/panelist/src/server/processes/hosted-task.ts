import type { TaskRecord, TaskSettings } from '@panelist/toolkit';

/** What the server records in a task's settings. It needs no table, and goes wherever the task goes. */
export interface HostedTask {
  /** Whether the server runs it, and goes on with it after a restart. */
  readonly isHosted: boolean;
  /** Who has submitted it; `null` for a task of the command line. */
  readonly owner: string | null;
  /** It has ended its process: it is run again only when somebody says so. */
  readonly isQuarantined: boolean;
}

export function hostedTask({ settings }: Pick<TaskRecord, 'settings'>): HostedTask {
  const { hosted, owner, quarantined } = settings;
  return {
    isHosted: hosted === true,
    owner: typeof owner === 'string' ? owner : null,
    isQuarantined: quarantined === true,
  };
}

/** Of a task that the server is to run. */
export const HOSTED: TaskSettings = { hosted: true };
