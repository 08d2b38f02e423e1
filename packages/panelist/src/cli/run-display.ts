import type { TaskManager, TaskRecord, TaskResult } from '@panelist/toolkit';
import { roundLines, saidLine } from '../analysis/focus-group/export/transcript-lines.ts';
import type { RunWait } from '../application/runs/progress.ts';
import type { RunEvent, TurnView } from '../application/runs/run-event.ts';
import type { RunOutcome } from '../application/runs/run-outcome.ts';
import { MODERATION_JOB, OPENING_JOB, ROUND_JOB, SUMMARY_JOB, THEMES_JOB } from '../focus-group/group.ts';
import { readGroup } from '../focus-group/history.ts';
import { askedNames } from '../focus-group/transcript.ts';
import { ROUND } from '../focus-group/turns/stored-turns.ts';
import type { Messages } from '../languages/messages.ts';
import { focusGroupTextsFor } from '../languages/messages.ts';
import { storedFailure } from '../stored/stored-row.ts';
import { foreignLine } from '../text/foreign-line.ts';
import { progressBar, progressLine, type ShownProgress } from './render/progress.ts';
import { taskMessages } from './render/task-messages.ts';
import type { Terminal } from './terminal.ts';

const REDRAW_MS = 200;
const LOG_LINE_MS = 5_000;

/** How often a terminal wants to know of a survey's progress: a line that is redrawn, or one in a log. */
export function progressEveryMs(terminal: Terminal): number {
  return terminal.redraws ? REDRAW_MS : LOG_LINE_MS;
}

/** Shows the progress of a survey on a terminal; returns how it ended. */
export async function showSurveyRun(
  events: AsyncIterable<RunEvent>,
  messages: Messages,
  terminal: Terminal,
): Promise<RunOutcome> {
  let wait: RunWait | null = null;
  let lines = 0;
  let line = '';
  for await (const event of events) {
    if (event.type === 'waiting') wait = event.for;
    if (event.type === 'progress') {
      const progress = shownProgress(event, wait);
      lines += 1;
      line = progressLine(progress, messages);
      if (terminal.redraws) terminal.redraw(progressBar(progress, messages, terminal.redrawWidth() - 1));
      // At the beginning a log has nothing to say yet.
      else if (lines > 1) terminal.note(`${line}\n`);
    }
    if (event.type === 'ended') {
      if (terminal.redraws) terminal.note('\n');
      else if (lines === 1) terminal.note(`${line}\n`);
      return event.outcome;
    }
  }
  throw new Error('A run that is not aborted ends with its outcome.');
}

/**
 * Shows on a terminal what is said in a focus group while it is said: each reply as it comes. In a transcript the
 * replies of a round are in the order of its speakers.
 */
export async function showGroupRun(
  events: AsyncIterable<RunEvent>,
  tasks: TaskManager,
  terminal: Terminal,
): Promise<void> {
  let wait: RunWait | null = null;
  let messages: Messages | undefined;
  let hear = (_: TaskResult): void => {};
  // Below what was said, where a line can be drawn again; '' removes it.
  const status = (line: string): void => {
    if (terminal.redraws) terminal.redraw(line);
  };
  for await (const event of events) {
    switch (event.type) {
      case 'turn':
        messages = taskMessages(event.turn.task);
        hear = await beginTurn(event.turn, tasks, terminal);
        break;
      case 'result':
        status('');
        hear(event.result);
        break;
      case 'waiting':
        wait = event.for;
        break;
      case 'progress':
        if (messages !== undefined)
          status(progressBar(shownProgress(event, wait), messages, terminal.redrawWidth() - 1));
        break;
      case 'ended':
        status('');
    }
  }
}

function shownProgress(
  { progress, spending }: Extract<RunEvent, { readonly type: 'progress' }>,
  wait: RunWait | null,
): ShownProgress {
  const { retries, inputTokens, outputTokens } = spending.usage;
  return { ...progress, retries, tokens: inputTokens + outputTokens, pause: wait };
}

/** Says what begins, and returns what shows each reply of it. */
async function beginTurn(
  { focusGroupId, task }: TurnView,
  tasks: TaskManager,
  terminal: Terminal,
): Promise<(result: TaskResult) => void> {
  const { group } = taskMessages(task);
  switch (task.job) {
    case OPENING_JOB:
      break;
    case ROUND_JOB:
      return beginRound(focusGroupId, task, tasks, terminal);
    case SUMMARY_JOB:
      terminal.note(`${group.summingUp}\n`);
      break;
    case MODERATION_JOB:
      terminal.note(`${group.moderating}\n`);
      break;
    case THEMES_JOB:
      terminal.note(`${group.findingThemes}\n`);
      break;
    default:
      terminal.note(`${group.polling(task.totalCount, task.taskId)}\n`);
  }
  return () => {};
}

async function beginRound(
  focusGroupId: string,
  task: TaskRecord,
  tasks: TaskManager,
  terminal: Terminal,
): Promise<(result: TaskResult) => void> {
  const { taskId } = task;
  const { language, hostMessage: message, ...round } = ROUND.params(task);
  const texts = focusGroupTextsFor(language);
  const { group } = await readGroup(tasks, focusGroupId);
  const names = new Map(group.participants.map(({ id, name }) => [id, name]));
  terminal.out(roundLines({ ...round, message, to: askedNames(round, names) }, texts));
  return (record) => {
    const { itemKey } = record;
    const { success, result } = ROUND.result(taskId, record);
    const text = success
      ? result.text
      : `(${texts.noReply}: ${foreignLine(storedFailure(record.result, { taskId, itemKey }).message)})`;
    terminal.out(saidLine(names.get(itemKey) ?? itemKey, text));
  };
}
