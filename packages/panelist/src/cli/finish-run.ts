import { join } from 'node:path';
import { type Clock, systemClock, type TaskRecord } from '@panelist/toolkit';
import type { Tabulation } from '../analysis/tabulate.ts';
import { DEFAULT_OUTPUT_FOLDER } from '../application/defaults.ts';
import type { Workspace } from '../application/open-workspace.ts';
import type { RunOutcome } from '../application/runs/run-outcome.ts';
import { groupOfTask, runKeyOf, runView } from '../application/runs/run-view.ts';
import { followRun } from '../application/runs/watch-run.ts';
import {
  isSurvey,
  surveyParams,
  tabulateSurvey,
  writeAnswerFiles,
} from '../application/surveys/answer-files.ts';
import { findTask } from '../application/tasks/find-task.ts';
import { PanelistError } from '../panelist-error.ts';
import type { RunFlags } from './commands/shared-options.ts';
import { drainOnSignal } from './drain-on-signal.ts';
import { ExitCode } from './exit-codes.ts';
import { advice } from './render/advice.ts';
import { summaryText } from './render/run-summary.ts';
import { taskMessages } from './render/task-messages.ts';
import { progressEveryMs, showSurveyRun } from './run-display.ts';
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
  const { runner } = workspace;
  const startedAt = clock.monotonic();
  const { value: outcome, interrupted } = await drainOnSignal(runner, terminal, async () => {
    terminal.note(opening);
    const messages = taskMessages(await findTask(workspace, taskId));
    const events = followRun(workspace, taskId, { everyMs: progressEveryMs(terminal), clock });
    return showSurveyRun(events, messages, terminal);
  });
  const { task, failures, exhausted } = outcome;
  const seconds = (clock.monotonic() - startedAt) / 1000;
  const { usage, waitingShare, costUsd, elsewhere } = await workspace.finalSpending(runKeyOf(task));
  // What was said in a group is read with its transcript.
  const hasAnswers = task.finishedAt !== null && isSurvey(task);
  const { files, tabulation, unwritten } = hasAnswers
    ? await tryToWriteFiles(workspace, task, flags)
    : { files: [], tabulation: null, unwritten: undefined };
  if (flags.json) {
    const view = {
      ...runView(task, clock.now()),
      synthetic: true,
    };
    const result = {
      ...view,
      usage,
      costUsd,
      elsewhere,
      waitingShare,
      failures: failures.reasons,
      files,
      tabulation,
    };
    terminal.out(`${JSON.stringify(result, null, 2)}\n`);
  } else if (tabulation !== null) {
    const layout = { width: terminal.width(), colour: terminal.colours('out') };
    const address = workspace.addressOf(surveyParams(task));
    terminal.paint(
      'out',
      summaryText(
        { task, tabulation, address, usage, costUsd, elsewhere, waitingShare, seconds, files },
        layout,
      ),
    );
  }
  const focusGroupId = groupOfTask(task);
  if (focusGroupId !== null && !flags.json)
    terminal.note(`It is a turn of a focus group: \`panelist focus-group show ${focusGroupId}\`.\n`);
  terminal.err(
    advice({
      task,
      failures,
      interrupted,
      exhausted,
      database: flags.database,
      invalid: invalidAnswers(tabulation),
    }),
  );
  if (unwritten !== undefined) throw unwritten;
  return exitCodeOf(outcome, interrupted);
}

/** Where a task's files go. */
export function outputFolderOf(taskId: string, { out, outRoot }: Pick<RunFlags, 'out' | 'outRoot'>): string {
  return out ?? join(outRoot ?? DEFAULT_OUTPUT_FOLDER, taskId);
}

/** A file that cannot be written is reported after the results, which are recorded in any case. */
async function tryToWriteFiles(
  workspace: Workspace,
  task: TaskRecord,
  flags: RunFlags,
): Promise<{
  readonly files: readonly string[];
  readonly tabulation: Tabulation;
  readonly unwritten: PanelistError | undefined;
}> {
  try {
    const written = await writeAnswerFiles(workspace, task, outputFolderOf(task.taskId, flags), flags);
    const { title, interviews, respondents, questions } = written.summary;
    const tabulation = { title, interviews, respondents, questions };
    return { files: written.files, tabulation, unwritten: undefined };
  } catch (error) {
    if (!(error instanceof PanelistError)) throw error;
    return { files: [], tabulation: await tabulateSurvey(workspace.tasks, task), unwritten: error };
  }
}

function invalidAnswers(tabulation: Tabulation | null): number {
  return tabulation?.questions.reduce((sum, { statuses }) => sum + statuses.invalid, 0) ?? 0;
}

function exitCodeOf({ task, end, failures }: RunOutcome, interrupted: boolean): ExitCode {
  if (interrupted && task.finishedAt === null) return ExitCode.INTERRUPTED;
  if (end !== 'finished') return ExitCode.STOPPED;
  if (task.failedCount === 0) return ExitCode.OK;
  return task.status === 'failed' && failures.allOfTheModel ? ExitCode.MODEL : ExitCode.SOME_FAILED;
}
