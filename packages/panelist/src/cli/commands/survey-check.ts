import type { Command } from 'commander';
import { PanelistError } from '../../panelist-error.ts';
import { terminalSafe, terminalSafeLines } from '../../text/terminal-safe.ts';
import { checkSurvey, type SurveyCheck } from '../survey-check.ts';
import type { Terminal } from '../terminal.ts';

export function addCheckCommand(survey: Command, terminal: Terminal): void {
  survey
    .command('check')
    .summary('find what is wrong with a survey, without asking anything')
    .description(
      'Reads a survey as `deploy` does, and lists what is wrong with it by line and path, what is probably not meant, and ' +
        'what would be asked. Exit code 0 where it can be deployed, warnings or not; else 3.',
    )
    .argument('<survey>', 'a SurveyJS JSON file')
    .option('--locale <locale>', "the language of the survey's texts (default: the survey's own)")
    .option('--json', 'print as JSON')
    .action(async (path: string, flags: { readonly locale?: string; readonly json?: boolean }) => {
      const check = await checkSurvey(path, flags.locale);
      terminal.out(flags.json ? `${JSON.stringify(check, null, 2)}\n` : checkText(check));
      if (!check.isValid) {
        const count = check.problems.length;
        throw new PanelistError(
          check.code ?? 'SURVEY_INVALID',
          `${JSON.stringify(path)} cannot be deployed: ${count} ${count === 1 ? 'problem' : 'problems'}.`,
        );
      }
    });
}

function checkText({
  file,
  isValid,
  problems,
  warnings,
  title,
  locale,
  pages,
  questions,
  byKind,
}: SurveyCheck): string {
  const finding = (kind: string) => (each: SurveyCheck['problems'][number]) =>
    `${terminalSafe(file)}${each.line === null ? '' : `:${each.line}`}: ${kind}: ${terminalSafeLines(each.text)}\n`;
  const lines = [...problems.map(finding('error')), ...warnings.map(finding('warning'))];
  if (!isValid) return lines.join('');
  const kinds = Object.entries(byKind).map(([kind, count]) => `${count} ${kind}`);
  lines.push(
    `${terminalSafe(title) || terminalSafe(file)}: ${counted(questions, 'question')} on ${counted(pages, 'page')}` +
      `${kinds.length === 0 ? '' : ` (${kinds.join(', ')})`}, in ${terminalSafe(locale) || 'no language named'}. ` +
      `${warnings.length === 0 ? 'No warnings.' : `${counted(warnings.length, 'warning')}.`}\n`,
  );
  return lines.join('');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
