import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { addCheckCommand } from './check.ts';
import { addDeployCommand } from './deploy.ts';

export function defineSurvey(survey: Command, terminal: Terminal): void {
  survey.description('Works with surveys.');
  addCheckCommand(survey, terminal);
  addDeployCommand(survey, terminal);
}
