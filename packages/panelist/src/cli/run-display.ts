import type { TaskResult } from '@panelist/toolkit';
import { roundLines, saidLine } from '../analysis/focus-group/export/transcript-lines.ts';
import { type RoundView, replyView, type TurnView } from '../application/focus-groups/turn-view.ts';
import type { RunWait } from '../application/runs/progress.ts';
import type { RunEvent } from '../application/runs/run-event.ts';
import type { RunOutcome } from '../application/runs/run-outcome.ts';
import type { Messages } from '../languages/messages.ts';
import { focusGroupTextsFor } from '../languages/messages.ts';
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
export async function showGroupRun(events: AsyncIterable<RunEvent>, terminal: Terminal): Promise<void> {
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
        hear = beginTurn(event.turn, terminal);
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
function beginTurn(turn: TurnView, terminal: Terminal): (result: TaskResult) => void {
  const { kind, task, round } = turn;
  const { group } = taskMessages(task);
  switch (kind) {
    case 'opening':
      break;
    case 'round':
      if (round !== null) return beginRound(turn, round, terminal);
      break;
    case 'summary':
      terminal.note(`${group.summingUp}\n`);
      break;
    case 'moderation':
      terminal.note(`${group.moderating}\n`);
      break;
    case 'themes':
      terminal.note(`${group.findingThemes}\n`);
      break;
    case 'poll':
      terminal.note(`${group.polling(task.totalCount, task.taskId)}\n`);
  }
  return () => {};
}

function beginRound(turn: TurnView, round: RoundView, terminal: Terminal): (result: TaskResult) => void {
  const texts = focusGroupTextsFor(round.language);
  terminal.out(roundLines(round, texts));
  return (record) => {
    const { name, text, problem } = replyView(turn, round, record);
    terminal.out(saidLine(name, text ?? `(${texts.noReply}: ${foreignLine(problem)})`));
  };
}
