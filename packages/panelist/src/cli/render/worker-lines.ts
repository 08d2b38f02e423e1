import type { WorkerView } from '../../application/workers/list-workers.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';

const MAX_TASKS = 5;

/** A process on two lines. */
export function workerLines(worker: WorkerView): string {
  const { host, pid, role, version, schemaVersion, state, inFlight, maxConcurrency, jobs, taskIds } = worker;
  const most = maxConcurrency === null ? '' : ` of ${maxConcurrency}`;
  const tasks = taskIds.slice(0, MAX_TASKS).map(terminalSafe).join(', ');
  const more = taskIds.length > MAX_TASKS ? ` and ${taskIds.length - MAX_TASKS} more` : '';
  const does = [
    `${inFlight}${most} in flight`,
    ...(jobs === null ? [] : [`jobs ${jobs.map(terminalSafe).join(', ')}`]),
    ...(taskIds.length === 0 ? ['no task'] : [`tasks ${tasks}${more}`]),
  ];
  return [
    `${terminalSafe(host)}  process ${pid}  ${terminalSafe(role)}  ${state}  version ${terminalSafe(version)} (tables ${schemaVersion})`,
    `  since ${worker.startedAt}, seen ${worker.seenAt}`,
    `  ${does.join('; ')}`,
    '',
  ].join('\n');
}
