import { join } from 'node:path';
import { type Clock, systemClock, type TaskRecord } from '@panelist/toolkit';
import { renderBars } from '../analysis/bars.ts';
import type { AnswerStatus } from '../survey/answer.ts';
import type { RunFlags } from './commands/shared-options.ts';
import type { Workspace } from './compose.ts';
import { ExitCode } from './exit-codes.ts';
import { compact, duration } from './progress.ts';
import { runToEnd } from './run-to-end.ts';
import { surveyParams, tabulateSurvey, writeAnswerFiles } from './survey-report.ts';
import { taskView } from './task-view.ts';
import type { Terminal } from './terminal.ts';

/**
 * Sees a survey task through: shows progress until it ends, then each question's distribution and where the answer
 * files are. Returns the exit code.
 */
export async function finishRun(
  workspace: Workspace,
  taskId: string,
  opening: string,
  flags: RunFlags,
  terminal: Terminal,
  clock: Clock = systemClock,
): Promise<ExitCode> {
  const startedAt = clock.monotonic();
  const { task, interrupted } = await runToEnd(workspace, taskId, opening, terminal, clock);
  const finished = task.finishedAt !== null;
  const folder = flags.out ?? join('panelist-results', taskId);
  const files = finished ? await writeAnswerFiles(workspace.tasks, task, folder) : [];
  const tabulation = finished ? await tabulateSurvey(workspace.tasks, task) : null;
  const { usage } = workspace;

  if (flags.json) {
    const view = { ...taskView(task, clock.now()), model: surveyParams(task).model, synthetic: true };
    terminal.out(`${JSON.stringify({ ...view, usage, files, tabulation }, null, 2)}\n`);
  } else if (tabulation !== null) {
    terminal.out(
      `\n${tabulation.title}\n\n${renderBars(tabulation, { width: Math.min(terminal.width(), 100) })}\n\n`,
    );
    const statuses = tabulation.questions.reduce<Partial<Record<AnswerStatus, number>>>((sums, question) => {
      for (const [status, count] of Object.entries(question.statuses) as [AnswerStatus, number][]) {
        sums[status] = (sums[status] ?? 0) + count;
      }
      return sums;
    }, {});
    const counts = Object.entries(statuses).map(([status, count]) => `${count} ${status}`);
    terminal.out(
      `${task.successCount} of ${task.totalCount} respondents interviewed, ${task.failedCount} failed. ` +
        `Answers: ${counts.join(', ')}.\n` +
        `${usage.requests} requests, ${usage.retries} retries, ${usage.replayed} answers from the store, ` +
        `${compact(usage.inputTokens + usage.outputTokens)} tokens, ${duration((clock.monotonic() - startedAt) / 1000)}.\n` +
        `The respondents are synthetic: ${surveyParams(task).model} played them.\n${files.map((file) => `  ${file}\n`).join('')}`,
    );
  }
  terminal.err(advice(task, interrupted));
  return exitCode(task, interrupted);
}

/** How to go on where there is something to go on with. */
function advice(
  { taskId, status, errorMessage, failedCount, totalCount, completedCount }: TaskRecord,
  interrupted: boolean,
): string {
  const open = totalCount - completedCount;
  if (status === 'cancelled') return `Task ${taskId} was cancelled; what was recorded is kept.\n`;
  if (interrupted && open > 0) {
    return `Stopped with ${completedCount} of ${totalCount} done, all kept. Go on: the same command again, or \`panelist tasks resume ${taskId}\`.\n`;
  }
  if (status === 'paused') {
    return `${errorMessage ?? 'The task is paused.'}\n${completedCount} of ${totalCount} are done and kept. Go on when it is mended: \`panelist tasks resume ${taskId}\`.\n`;
  }
  if (failedCount > 0)
    return `${failedCount} failed. Ask them again: \`panelist tasks retry-failed ${taskId}\`.\n`;
  return '';
}

function exitCode({ status, failedCount, finishedAt }: TaskRecord, interrupted: boolean): ExitCode {
  if (interrupted && finishedAt === null) return ExitCode.INTERRUPTED;
  if (status === 'completed') return failedCount === 0 ? ExitCode.OK : ExitCode.SOME_FAILED;
  if (status === 'failed') return ExitCode.SOME_FAILED;
  return ExitCode.STOPPED;
}
