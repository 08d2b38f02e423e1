import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { addBundleCommand } from './bundle.ts';
import { addCompareCommand } from './compare.ts';
import { addExportCommand } from './export.ts';
import { addPromptCommand } from './prompt.ts';
import { addReportCommand } from './report.ts';
import { addSummaryCommand } from './summary.ts';

export function defineResults(results: Command, terminal: Terminal): void {
  results.description('Works with recorded answers. None of it makes a call.');
  addSummaryCommand(results, terminal);
  addReportCommand(results, terminal);
  addExportCommand(results, terminal);
  addBundleCommand(results, terminal);
  addCompareCommand(results, terminal);
  addPromptCommand(results, terminal);
}
