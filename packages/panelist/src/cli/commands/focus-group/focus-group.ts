import type { Command } from '../../command.ts';
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

export function defineFocusGroup(group: Command, terminal: Terminal): void {
  group.description('Works with focus groups of AI participants.');
  addRunCommand(group, terminal);
  addSayCommand(group, terminal);
  addChatCommand(group, terminal);
  addPollCommand(group, terminal);
  addRetryFailedCommand(group, terminal);
  addShowCommand(group, terminal);
  addListCommand(group, terminal);
  addExportCommand(group, terminal);
  addAnalyseCommand(group, terminal);
  addReportCommand(group, terminal);
}
