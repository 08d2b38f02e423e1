import { type Clock, systemClock, type TaskRecord } from '@panelist/toolkit';
import type { Workspace } from '../application/open-workspace.ts';
import type { Messages } from '../languages/messages.ts';
import { PanelistError } from '../panelist-error.ts';
import { drainOnSignal } from './drain-on-signal.ts';
import { type Progress, ProgressMeter, progressBar, progressLine } from './render/progress.ts';
import { taskMessages } from './render/task-messages.ts';
import type { Terminal } from './terminal.ts';

const REDRAW_MS = 200;
const LOG_LINE_MS = 5_000;
export interface RunEnd {
  readonly task: TaskRecord;
  readonly interrupted: boolean;
}

/**
 * Says `opening`, then waits until the task is finished or paused, showing how it goes. Ctrl-C (or SIGTERM, SIGHUP) lets what is in flight finish
 * and ends the wait; a second one ends the process at once.
 */
export async function runToEnd(
  workspace: Workspace,
  taskId: string,
  opening: string,
  terminal: Terminal,
  clock: Clock = systemClock,
): Promise<RunEnd> {
  const { tasks, runner, usage } = workspace;
  const meter = new ProgressMeter();
  const readTask = async (): Promise<TaskRecord> => {
    const task = await tasks.store.get(taskId);
    if (task === undefined)
      throw new PanelistError('TASK_NOT_FOUND', `There is no task ${JSON.stringify(taskId)}.`);
    return task;
  };
  const readProgress = async (): Promise<Progress> => {
    const { totalCount, successCount, failedCount } = await readTask();
    return meter.read(
      {
        total: totalCount,
        succeeded: successCount,
        failed: failedCount,
        inFlight: runner.inFlight(taskId),
        retries: usage.retries,
        tokens: usage.inputTokens + usage.outputTokens,
        waitingFor: workspace.waitingFor,
      },
      clock.monotonic(),
    );
  };

  const messages = taskMessages(await readTask());
  const { interrupted } = await drainOnSignal(runner, terminal, async () => {
    terminal.note(opening);
    const stopShowing = showProgress(readProgress, messages, terminal, clock);
    await runner.wait(taskId).finally(stopShowing);
  });
  return { task: await readTask(), interrupted };
}

/** Shows progress now and then until the returned function is called, which shows it once more. */
function showProgress(
  read: () => Promise<Progress>,
  messages: Messages,
  terminal: Terminal,
  clock: Clock,
): () => Promise<void> {
  const show = async (): Promise<void> => {
    const progress = await read();
    if (terminal.redraws) terminal.redraw(progressBar(progress, messages, terminal.redrawWidth() - 1));
    else terminal.note(`${progressLine(progress, messages)}\n`);
  };
  let cancel = (): void => {};
  let showing = Promise.resolve();
  let ended = false;
  const arm = (): void => {
    if (ended) return;
    cancel = clock.setTimer(
      () => {
        // A progress line that cannot be read is no reason to end the run: the run itself reports what is wrong.
        showing = show().then(arm, arm);
      },
      terminal.redraws ? REDRAW_MS : LOG_LINE_MS,
    );
  };
  arm();
  return async () => {
    ended = true;
    cancel();
    await showing;
    await show().catch(() => {});
    if (terminal.redraws) terminal.note('\n');
  };
}
