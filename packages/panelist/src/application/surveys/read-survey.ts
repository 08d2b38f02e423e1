import { basename } from 'node:path';
import { readAudience } from '../../audience/read-audience.ts';
import type { Respondent } from '../../audience/respondent.ts';
import { fileName, type InputFile } from '../../files/input-file.ts';
import { placedText } from '../../survey/import/import-problems.ts';
import type { ImportedSurvey, ImportOptions } from '../../survey/import/import-surveyjs.ts';
import { readChoicesFile } from '../../survey/import/read-choices-file.ts';
import { importSurveyFile } from '../../survey/import/read-survey-file.ts';
import type { SkippedElement } from '../../survey/questionnaire.ts';

/** How a survey file is read. */
export interface SurveyFileOptions {
  /** The language of the survey's texts. @default the survey's own */
  readonly locale?: string | undefined;
  /** What to do with what Panelist cannot ask. @default 'refuse' */
  readonly unsupported?: 'refuse' | 'skip' | undefined;
  /** Question → the file with its choices. @default none */
  readonly choices?: ReadonlyMap<string, InputFile> | undefined;
}

/** @throws PanelistError as `readChoicesFile` */
export async function importOptions({
  locale,
  unsupported,
  choices,
}: SurveyFileOptions): Promise<ImportOptions> {
  const lists = new Map<string, readonly unknown[]>();
  for (const [name, file] of choices ?? []) lists.set(name, await readChoicesFile(file));
  return { locale, unsupported, choices: lists };
}

/** Reads a survey to ask it. @throws PanelistError as `importSurveyFile` and `readChoicesFile` */
export async function readSurvey(file: InputFile, options: SurveyFileOptions): Promise<ImportedSurvey> {
  return importSurveyFile(file, await importOptions(options));
}

/** What is probably not meant in a survey, each with its place, as one line. */
export function warningTexts({ warnings }: Pick<ImportedSurvey, 'warnings'>): readonly string[] {
  return warnings.map(placedText);
}

/** What a questionnaire lacks of its file, each with its place and the reason, as one line. */
export function skippedTexts(skipped: readonly SkippedElement[]): readonly string[] {
  return skipped.map(({ path, element, reason }) => placedText({ path, element, text: reason }));
}

/** What a deployment is made of, besides its model. */
export interface DeploymentFiles extends ImportedSurvey {
  /** The short name of the survey, from its file's. */
  readonly survey: string;
  readonly audience: string;
  readonly respondents: readonly Respondent[];
}

/**
 * Reads the files of a deployment: whatever is wrong with them is found before anything is paid for.
 *
 * @throws PanelistError as `readSurvey` and `readAudience`
 */
export async function readDeployment(
  files: { readonly survey: InputFile; readonly audience: InputFile },
  { limit, ...options }: SurveyFileOptions & { readonly limit?: number | undefined },
): Promise<DeploymentFiles> {
  const imported = await readSurvey(files.survey, options);
  const respondents = await readAudience(files.audience, { limit });
  const survey = basename(fileName(files.survey)).replace(/(\.survey)?\.json$/i, '');
  return { ...imported, survey, audience: basename(fileName(files.audience)), respondents };
}
