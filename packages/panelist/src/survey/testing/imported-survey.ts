/** For tests: short ways to import a survey and to take one thing from it. */
import { PanelistError } from '../../panelist-error.ts';
import { type ImportOptions, importSurveyJs } from '../import/import-surveyjs.ts';
import { type Question, questionsOf } from '../questionnaire.ts';

export type Json = Record<string, unknown>;

export function questions(json: unknown, options?: ImportOptions): readonly Question[] {
  return questionsOf(importSurveyJs(json, options));
}

/** The only question of a survey with one element. */
export function imported(element: Json, options?: ImportOptions): Question {
  const [question] = questions({ elements: [{ name: 'q', ...element }] }, options);
  if (!question) throw new Error('nothing was imported');
  return question;
}

export function failure(json: unknown, options?: ImportOptions): PanelistError {
  try {
    importSurveyJs(json, options);
  } catch (error) {
    if (error instanceof PanelistError) return error;
    throw error;
  }
  throw new Error('it was imported');
}

export function valuesOf(question: Question | undefined): unknown[] {
  return question && 'options' in question ? question.options.map((option) => option.value) : [];
}
