import { quote } from '@panelist/toolkit';
import { findJsonSyntaxError } from '../files/json-syntax.ts';
import { readText } from '../files/read-text.ts';
import { PanelistError } from '../panelist-error.ts';
import { type ImportOptions, importSurveyJs } from './import-surveyjs.ts';
import type { Questionnaire } from './questionnaire.ts';

/** 10 MB: some two thousand questions in ten languages. */
const maxBytes = 10_000_000;

/**
 * Reads a SurveyJS JSON file (UTF-8, at most 10 MB) and compiles it, as `importSurveyJs` does.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`, `SURVEY_INVALID` (with line and column where it is no
 * JSON), `SURVEY_UNSUPPORTED`.
 */
export async function readSurveyFile(path: string, options: ImportOptions = {}): Promise<Questionnaire> {
  const json = await readSurveyJson(path);
  try {
    return importSurveyJs(json, options);
  } catch (error) {
    if (!(error instanceof PanelistError)) throw error;
    throw new PanelistError(error.code, `${quote(path)}: ${error.message}`, { cause: error });
  }
}

/** What stands in a SurveyJS JSON file, not yet checked. @throws PanelistError as `readSurveyFile`, but for its content */
export async function readSurveyJson(path: string): Promise<unknown> {
  let text = '';
  for await (const piece of readText(path, { what: 'survey', invalidCode: 'SURVEY_INVALID', maxBytes }))
    text += piece;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const found = findJsonSyntaxError(text);
    const detail = found
      ? `line ${found.line}, column ${found.column}: ${found.problem}, here:\n  ${found.excerpt}`
      : String(cause);
    throw new PanelistError('SURVEY_INVALID', `${quote(path)} is not JSON. ${detail}`, { cause });
  }
}
