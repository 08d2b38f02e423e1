import { quote } from '@panelist/toolkit';
import { fileName, type InputFile } from '../../files/input-file.ts';
import { parseJsonFile } from '../../files/json-syntax.ts';
import { readText } from '../../files/read-text.ts';
import { PanelistError } from '../../panelist-error.ts';
import type { Questionnaire } from '../questionnaire.ts';
import { SurveyError } from './import-problems.ts';
import { type ImportedSurvey, type ImportOptions, importSurvey } from './import-surveyjs.ts';

/** 10 MB: some two thousand questions in ten languages. */
const maxBytes = 10_000_000;

/** The questionnaire of `importSurveyFile` alone. @throws PanelistError as `importSurveyFile` */
export async function readSurveyFile(file: InputFile, options: ImportOptions = {}): Promise<Questionnaire> {
  return (await importSurveyFile(file, options)).questionnaire;
}

/**
 * Reads a SurveyJS JSON file (UTF-8, at most 10 MB) and compiles it, as `importSurvey` does.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`, `SURVEY_INVALID` (with line and column where it is not
 * JSON), `SURVEY_UNSUPPORTED`, `USAGE`. What the import finds is a `SurveyError` with all the problems.
 */
export async function importSurveyFile(
  file: InputFile,
  options: ImportOptions = {},
): Promise<ImportedSurvey> {
  return importSurveyText(fileName(file), await readSurveyText(file), options);
}

/** `importSurveyFile` for a file that has been read. @throws PanelistError as `importSurveyFile`, for its content */
export function importSurveyText(name: string, text: string, options: ImportOptions = {}): ImportedSurvey {
  const json = parseJsonFile(name, text, 'SURVEY_INVALID');
  try {
    return importSurvey(json, options);
  } catch (error) {
    if (!(error instanceof PanelistError)) throw error;
    const message = `${quote(name)}: ${error.message}`;
    throw error instanceof SurveyError
      ? new SurveyError(error.code, message, error.problems, { cause: error })
      : new PanelistError(error.code, message, { cause: error });
  }
}

/** What is in a SurveyJS JSON file, not yet checked. @throws PanelistError as `importSurveyFile`, but for its content */
export async function readSurveyJson(file: InputFile): Promise<unknown> {
  return parseJsonFile(fileName(file), await readSurveyText(file), 'SURVEY_INVALID');
}

/** @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`, `SURVEY_INVALID` where it is not UTF-8, or too long */
export async function readSurveyText(file: InputFile): Promise<string> {
  let text = '';
  for await (const piece of readText(file, { what: 'survey', invalidCode: 'SURVEY_INVALID', maxBytes }))
    text += piece;
  return text;
}
