import { checkSurvey, type Finding, type SurveyCheck } from '../../../application/surveys/check-survey.ts';
import { importOptions } from '../../../application/surveys/read-survey.ts';
import { terminalSafe, terminalSafeLines } from '../../../text/terminal-safe.ts';
import type { Command } from '../../command.ts';
import type { Terminal } from '../../terminal.ts';
import { withSurvey } from '../shared-options.ts';

export function addCheckCommand(survey: Command, terminal: Terminal): void {
  withSurvey(survey.command('check'))
    .summary('find what is wrong with a survey, without asking anything')
    .description(
      'Reads a survey as `deploy` does, and lists what is wrong with it by line and path, what is probably not meant, ' +
        'what is left out, and what would be asked. Exit code 0 where it can be deployed, warnings or not; else 3.',
    )
    .argument('<survey>', 'a SurveyJS JSON file')
    .option('--locale <locale>', "the language of the survey's texts (default: the survey's own)")
    .option('--json', 'print as JSON')
    .action(async (path, flags) => {
      const { check, error } = await checkSurvey(path, await importOptions(flags));
      terminal.out(flags.json ? `${JSON.stringify(check, null, 2)}\n` : checkText(check));
      if (error !== null) throw error;
    });
}

function checkText({
  file,
  isValid,
  problems,
  warnings,
  skipped,
  title,
  locale,
  pages,
  questions,
  byKind,
}: SurveyCheck): string {
  const finding = (kind: string) => (each: Finding) =>
    `${terminalSafe(file)}${each.line === null ? '' : `:${each.line}`}: ${kind}: ${terminalSafeLines(each.text)}\n`;
  const lines = [
    ...problems.map(finding('error')),
    ...skipped.map(finding('left out')),
    ...warnings.map(finding('warning')),
  ];
  if (!isValid) return lines.join('');
  const kinds = Object.entries(byKind).map(([kind, count]) => `${count} ${kind}`);
  lines.push(
    `${terminalSafe(title) || terminalSafe(file)}: ${counted(questions, 'question')} on ${counted(pages, 'page')}` +
      `${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}, in ${terminalSafe(locale) || 'no language named'}. ` +
      `${skipped.length === 0 ? '' : `${skipped.length} left out. `}` +
      `${warnings.length === 0 ? 'No warnings.' : `${counted(warnings.length, 'warning')}.`}\n`,
  );
  return lines.join('');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
