import type { Workspace } from '../../../application/open-workspace.ts';
import type { Metrics } from '../../../operation/metrics.ts';
import { groupCommands } from './focus-groups.ts';
import { taskCommands } from './tasks.ts';

/** What the run process is asked for, by name. Input and output are plain data. */
export function runCommandsOf(counted: Pick<Metrics, 'json'>) {
  return {
    ...taskCommands,
    ...groupCommands,
    /** What the process has counted. */
    metrics: (_: Workspace, __: Record<string, never>): Promise<readonly object[]> => counted.json(),
  };
}

export type RunCommands = ReturnType<typeof runCommandsOf>;
