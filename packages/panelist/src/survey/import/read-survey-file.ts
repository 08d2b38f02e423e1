import { quote } from '@panelist/toolkit';
import { parseJsonFile } from '../../files/json-syntax.ts';
import { readText } from '../../files/read-text.ts';
import { PanelistError } from '../../panelist-error.ts';
import type { Questionnaire } from '../questionnaire.ts';
import { SurveyError } from './import-problems.ts';
import { type ImportedSurvey, type ImportOptions, importSurvey } from './import-surveyjs.ts';

/** 10 MB: some two thousand questions in ten languages. */
const maxBytes = 10_000_000;

/** The questionnaire of `importSurveyFile` alone. @throws PanelistError as `importSurveyFile` */
export async function readSurveyFile(path: string, options: ImportOptions = {}): Promise<Questionnaire> {
  return (await importSurveyFile(path, options)).questionnaire;
}

/**
 * Reads a SurveyJS JSON file (UTF-8, at most 10 MB) and compiles it, as `importSurvey` does.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`, `SURVEY_INVALID` (with line and column where it is not
 * JSON), `SURVEY_UNSUPPORTED`, `USAGE`. What the import finds is a `SurveyError` with all the problems.
 */
export async function importSurveyFile(path: string, options: ImportOptions = {}): Promise<ImportedSurvey> {
  return importSurveyText(path, await readSurveyText(path), options);
}

/** `importSurveyFile` for a file that has been read. @throws PanelistError as `importSurveyFile`, for its content */
export function importSurveyText(path: string, text: string, options: ImportOptions = {}): ImportedSurvey {
  const json = parseJsonFile(path, text, 'SURVEY_INVALID');
  try {
    return importSurvey(json, options);
  } catch (error) {
    if (!(error instanceof PanelistError)) throw error;
    const message = `${quote(path)}: ${error.message}`;
    throw error instanceof SurveyError
      ? new SurveyError(error.code, message, error.problems, { cause: error })
      : new PanelistError(error.code, message, { cause: error });
  }
}

/** What is in a SurveyJS JSON file, not yet checked. @throws PanelistError as `importSurveyFile`, but for its content */
export async function readSurveyJson(path: string): Promise<unknown> {
  return parseJsonFile(path, await readSurveyText(path), 'SURVEY_INVALID');
}

/** @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`, `SURVEY_INVALID` where it is not UTF-8, or too long */
export async function readSurveyText(path: string): Promise<string> {
  let text = '';
  for await (const piece of readText(path, { what: 'survey', invalidCode: 'SURVEY_INVALID', maxBytes }))
    text += piece;
  return text;
}
