import { Command } from 'commander';
import { VERSION } from '../version.ts';
import { addAudienceCommand } from './commands/audience.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addFocusGroupCommand } from './commands/focus-group/focus-group.ts';
import { addInitCommand } from './commands/init.ts';
import { addResultsCommand } from './commands/results.ts';
import { addSimulateCommand } from './commands/simulate.ts';
import { addSurveyCommand } from './commands/survey.ts';
import { addTasksCommand } from './commands/tasks.ts';
import { CONFIG_FILE } from './config.ts';
import { exitCodesHelp } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** All commands, with what they do on this terminal. */
export function buildProgram(terminal: Terminal, setExitCode: (code: number) => void): Command {
  const program = new Command('panelist')
    .description(
      'Deploys surveys to AI respondents, holds AI focus groups, and gets every answer exactly once.',
    )
    .version(VERSION)
    .option('-q, --quiet', 'no progress and no remarks: results, warnings and errors only')
    .addHelpText(
      'after',
      `\n${exitCodesHelp}\n\nAPI keys are read from the environment only. ${CONFIG_FILE} holds defaults for flags.`,
    );
  addInitCommand(program, terminal);
  addSurveyCommand(program, terminal, setExitCode);
  addFocusGroupCommand(program, terminal, setExitCode);
  addAudienceCommand(program, terminal);
  addTasksCommand(program, terminal, setExitCode);
  addResultsCommand(program, terminal);
  addSimulateCommand(program, terminal);
  addCompletionCommand(program, terminal);
  return program;
}
