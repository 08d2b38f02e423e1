import { fileName, type InputFile } from '../../files/input-file.ts';
import { linesOfJson } from '../../files/json-place.ts';
import { findJsonSyntaxError } from '../../files/json-syntax.ts';
import { PanelistError, type PanelistErrorCode } from '../../panelist-error.ts';
import { type Place, placedText, SurveyError } from '../../survey/import/import-problems.ts';
import type { ImportedSurvey, ImportOptions } from '../../survey/import/import-surveyjs.ts';
import { importSurveyText, readSurveyText } from '../../survey/import/read-survey-file.ts';
import { type Question, type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';

export interface Finding {
  readonly line: number | null;
  /** As in `pages[0].elements[2].title`; `null` for what is about the whole file. */
  readonly path: string | null;
  readonly text: string;
}

type PlacedText = Place & { readonly text: string };

export interface SurveyCheck {
  readonly file: string;
  readonly isValid: boolean;
  /** Of the first problem; `null` for a valid file. */
  readonly code: PanelistErrorCode | null;
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** What is left out of the questionnaire. */
  readonly skipped: readonly Finding[];
  readonly title: string;
  readonly locale: string;
  readonly pages: number;
  readonly questions: number;
  readonly byKind: Readonly<Record<string, number>>;
}

const nothing = { title: '', locale: '', pages: 0, questions: 0, byKind: {}, warnings: [], skipped: [] };

/**
 * Reads a survey as `survey deploy` does, and gathers what is wrong with it and what is probably not meant.
 *
 * @returns the check, and the error of a survey that cannot be deployed
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`, `USAGE`
 */
export async function checkSurvey(
  source: InputFile,
  options: ImportOptions,
): Promise<{ readonly check: SurveyCheck; readonly error: SurveyError | null }> {
  const file = fileName(source);
  let text = '';
  try {
    text = await readSurveyText(source);
    return { check: valid(file, importSurveyText(file, text, options), text), error: null };
  } catch (error) {
    if (!(error instanceof PanelistError) || !error.code.startsWith('SURVEY_')) throw error;
    const { code } = error;
    const problems = error instanceof SurveyError ? error.problems : [];
    const found = problems.length > 0 ? findings(problems, text) : [wholeFile(error, text)];
    const check = { file, isValid: false, code, ...nothing, problems: found };
    const count = found.length === 1 ? '1 problem' : `${found.length} problems`;
    return {
      check,
      error: new SurveyError(
        code === 'SURVEY_UNSUPPORTED' ? code : 'SURVEY_INVALID',
        `${JSON.stringify(file)} cannot be deployed: ${count}.`,
        problems,
      ),
    };
  }
}

/** What is wrong with a file that the importer never saw, with the line where it is not JSON. */
function wholeFile({ message }: PanelistError, text: string): Finding {
  return { line: findJsonSyntaxError(text)?.line ?? null, path: null, text: message };
}

function valid(file: string, { questionnaire, warnings }: ImportedSurvey, text: string): SurveyCheck {
  const questions = questionsOf(questionnaire);
  const byKind: Record<string, number> = {};
  for (const { kind } of questions) byKind[kind] = (byKind[kind] ?? 0) + 1;
  const { title, locale, pages, skipped } = questionnaire;
  return {
    file,
    isValid: true,
    code: null,
    problems: [],
    warnings: findings([...warnings, ...warningsOf(questionnaire)], text),
    skipped: findings(
      skipped.map(({ path, element, reason }) => ({ path, element, text: reason })),
      text,
    ),
    title,
    locale,
    pages: pages.length,
    questions: questions.length,
    byKind,
  };
}

/** In the file's order. */
function findings(found: readonly PlacedText[], text: string): Finding[] {
  const lines = linesOfJson(
    text,
    found.map(({ path }) => path),
  );
  return found
    .map((each, index): Finding => ({ line: lines[index] ?? null, path: each.path, text: placedText(each) }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}

/** What the importer takes as it is, and is seldom meant. */
function warningsOf(questionnaire: Questionnaire): PlacedText[] {
  return questionsOf(questionnaire).flatMap((question) =>
    remarksOn(question).map((text) => ({ path: question.path, element: question.name, text })),
  );
}

function remarksOn(question: Question): string[] {
  const remarks: string[] = [];
  if ('options' in question && question.options.length < 2)
    remarks.push(`has ${question.options.length === 1 ? 'only one option' : 'no options'}`);
  if (question.enableIf.includes('false')) remarks.push('is read-only: it is not asked');
  return remarks;
}
