import { skippedTexts, warningTexts } from '../application/surveys/read-survey.ts';
import type { ImportedSurvey } from '../survey/import/import-surveyjs.ts';
import type { Questionnaire, SkippedElement } from '../survey/questionnaire.ts';
import type { Terminal } from './terminal.ts';

/** The flags that say how a survey file is read. */
export type SurveyFileFlags = {
  readonly unsupported: 'refuse' | 'skip';
  /** Question → path of the file with its choices. */
  readonly choices?: ReadonlyMap<string, string> | undefined;
};

const MAX_LISTED = 20;

/** What is probably not meant. Silent with `--quiet`. */
export function noteWarnings(survey: ImportedSurvey, terminal: Terminal): void {
  const warnings = warningTexts(survey);
  const lines = warnings.slice(0, MAX_LISTED).map((text) => `Note: ${text}.\n`);
  const more = warnings.length - lines.length;
  if (more > 0) lines.push(`Note: and ${more} more; \`panelist survey check\` lists them all.\n`);
  terminal.note(lines.join(''));
}

/** What the questionnaire lacks, before anybody is asked: all of it, also with `--quiet`. */
export function showSkipped({ skipped }: Questionnaire, terminal: Terminal): void {
  terminal.err(
    skippedLines(skipped)
      .map((line) => `${line}\n`)
      .join(''),
  );
}

/** Empty where nothing was left out. */
export function skippedLines(skipped: readonly SkippedElement[]): string[] {
  if (skipped.length === 0) return [];
  return ['Left out of the questionnaire:', ...skippedTexts(skipped).map((text) => `  ${text}`)];
}
