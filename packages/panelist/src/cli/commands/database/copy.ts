import {
  copyDatabase,
  type DatabaseCopy,
  type TaskCopy,
} from '../../../application/database/copy-database.ts';
import { terminalSafe } from '../../../text/terminal-safe.ts';
import type { Command } from '../../command.ts';
import { ExitCode } from '../../exit-codes.ts';
import { eachOf } from '../../read-option.ts';
import type { Terminal } from '../../terminal.ts';

export function addCopyCommand(database: Command, terminal: Terminal): void {
  database
    .command('copy')
    .summary('copy tasks with their answers and replies into another database')
    .description(
      'Copies tasks with their items, answers, settings and stored replies from one database to another: from a SQLite file to ' +
        'PostgreSQL, back, or between two of a kind. A task appears in the other database when all of it is there. It is compared by ' +
        'count and SHA-256. Run it again to go on after an interruption. A task that runs now is refused; what was copied stays in both ' +
        'databases.',
    )
    .requiredOption('--from <database>', 'the path of a SQLite file, or postgres://user@host/name')
    .requiredOption('--to <database>', 'the same; a file is created')
    .option(
      '--task <task-id>',
      'only this task, or the whole focus group that it is a turn of; may be given several times',
      (text: string, before: readonly string[] | undefined) => eachOf(text, before),
    )
    .option('--json', 'print the result as JSON')
    .action(async ({ from, to, task, json }) => {
      const stop = new AbortController();
      const onSignal = (): void => stop.abort();
      process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
      try {
        const copied = await copyDatabase({
          from,
          to,
          tasks: task,
          signal: stop.signal,
          onEvent: (event) => {
            if (event.type === 'progress' && terminal.redraws)
              terminal.redraw(
                `${event.task} of ${event.tasks}: ${terminalSafe(event.taskId)} · ${event.done} of ${event.total} rows`,
              );
            if (event.type === 'replies' && terminal.redraws)
              terminal.redraw(
                `${terminalSafe(event.taskId ?? 'replies of no task')} · ${event.replies} replies`,
              );
            if (json === true) return;
            if (event.type === 'copied') {
              if (terminal.redraws) terminal.redraw('');
              terminal.out(`${lineOf(event.task)}\n`);
            } else if (event.type === 'refused') {
              if (terminal.redraws) terminal.redraw('');
              terminal.err(`Not copied [${event.task.code}]: ${terminalSafe(event.task.message)}\n`);
            }
          },
        });
        if (terminal.redraws) terminal.redraw('');
        terminal.out(json === true ? `${JSON.stringify(copied, null, 2)}\n` : summaryOf(copied));
        return copied.refused.length > 0 ? ExitCode.STOPPED : ExitCode.OK;
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        terminal.err('\nInterrupted. What was copied is complete; the same command goes on.\n');
        return ExitCode.INTERRUPTED;
      } finally {
        process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
      }
    });
}

const OUTCOMES: Readonly<Record<TaskCopy['outcome'], string>> = {
  copied: 'copied',
  updated: 'brought up to date',
  present: 'was there',
};

function lineOf({ taskId, outcome, items, results, replies, sha256 }: TaskCopy): string {
  return `${terminalSafe(taskId)}  ${OUTCOMES[outcome]}: ${items} items, ${results} results, ${replies} replies, SHA-256 ${sha256} on both sides`;
}

function summaryOf({ tasks, refused, otherReplies }: DatabaseCopy): string {
  const count = (outcome: TaskCopy['outcome']): number =>
    tasks.filter((task) => task.outcome === outcome).length;
  const parts = [`${count('copied')} copied`, `${count('updated')} brought up to date`];
  parts.push(`${count('present')} were there`, `${refused.length} refused`);
  const others = otherReplies === null ? '' : ` ${otherReplies.replies} replies of no task.`;
  const active = tasks.filter(({ isActive }) => isActive).map(({ taskId }) => taskId);
  const warning =
    active.length === 0
      ? ''
      : `Not finished, and in both databases now: ${active.slice(0, 5).map(terminalSafe).join(', ')}${active.length > 5 ? ` and ${active.length - 5} more` : ''}. Go on with each in one of them only, or its answers are paid for twice.\n`;
  return `Tasks: ${parts.join(', ')}.${others}\n${warning}`;
}
