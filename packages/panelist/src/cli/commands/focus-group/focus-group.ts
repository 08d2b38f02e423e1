import type { Command } from 'commander';
import type { Terminal } from '../../terminal.ts';
import { addAnalyseCommand } from './analyse.ts';
import { addChatCommand } from './chat.ts';
import { addExportCommand } from './export.ts';
import { addListCommand } from './list.ts';
import { addPollCommand } from './poll.ts';
import { addReportCommand } from './report.ts';
import { addRetryFailedCommand } from './retry-failed.ts';
import { addRunCommand } from './run.ts';
import { addSayCommand } from './say.ts';
import { addShowCommand } from './show.ts';

export function addFocusGroupCommand(
  program: Command,
  terminal: Terminal,
  setExitCode: (code: number) => void,
): void {
  const group = program
    .command('focus-group')
    .summary('hold focus groups, and read what was said')
    .description('Works with focus groups of AI participants.');
  addRunCommand(group, terminal, setExitCode);
  addSayCommand(group, terminal, setExitCode);
  addChatCommand(group, terminal, setExitCode);
  addPollCommand(group, terminal, setExitCode);
  addRetryFailedCommand(group, terminal, setExitCode);
  addShowCommand(group, terminal);
  addListCommand(group, terminal);
  addExportCommand(group, terminal);
  addAnalyseCommand(group, terminal, setExitCode);
  addReportCommand(group, terminal, setExitCode);
}
