import type { RunView } from '../../application/runs/run-view.ts';
import { foreignLine } from '../../text/foreign-line.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';

/** A task on a few lines. */
export function taskLines(view: RunView): string {
  const { taskId, title, model, status, totalCount, successCount, failedCount, errorMessage } = view;
  const lines = [
    `${terminalSafe(taskId)}  ${terminalSafe(title)}${model === null ? '' : `  ${terminalSafe(model)}`}`,
    `  ${status}: ${successCount} of ${totalCount} done, ${failedCount} failed, ${totalCount - successCount - failedCount} open`,
    `  created ${view.createdAt}${view.finishedAt === null ? '' : `, finished ${view.finishedAt}`}`,
  ];
  if (errorMessage !== null) lines.push(`  ${foreignLine(errorMessage)}`);
  return lines.join('\n');
}
