import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { addCancelCommand } from './cancel.ts';
import { addLimitsCommand } from './limits.ts';
import { addListCommand } from './list.ts';
import { addPruneCommand } from './prune.ts';
import { addResumeCommand } from './resume.ts';
import { addRetryFailedCommand } from './retry-failed.ts';
import { addShowCommand } from './show.ts';

export function defineTasks(tasks: Command, terminal: Terminal): void {
  tasks.description('Lists tasks, and works with one of them. Without a command it lists them.');
  addListCommand(tasks, terminal);
  addShowCommand(tasks, terminal);
  addCancelCommand(tasks, terminal);
  addLimitsCommand(tasks, terminal);
  addResumeCommand(tasks, terminal);
  addRetryFailedCommand(tasks, terminal);
  addPruneCommand(tasks, terminal);
}
