import type { InputFile } from '../../files/input-file.ts';
import { inLanguageOf } from '../../focus-group/guide/group-of-guide.ts';
import type { ImportedSurvey } from '../../survey/import/import-surveyjs.ts';
import { readSurveyJson } from '../../survey/import/read-survey-file.ts';
import type { Questionnaire } from '../../survey/questionnaire.ts';
import { readSurvey, type SurveyFileOptions } from '../surveys/read-survey.ts';

/** A survey that is to be asked in a group. */
export interface PollFile extends ImportedSurvey {
  /** What is in the file, SurveyJS JSON. */
  readonly json: unknown;
  /** The questionnaire in a group's language, where neither the file nor the options name one. */
  inLanguage(language: string): Questionnaire;
}

/** @throws PanelistError as `readSurvey` */
export async function readPoll(file: InputFile, options: SurveyFileOptions): Promise<PollFile> {
  const imported = await readSurvey(file, options);
  const survey = await readSurveyJson(file);
  const { questionnaire } = imported;
  return {
    ...imported,
    json: survey,
    inLanguage: (language) =>
      options.locale === undefined ? inLanguageOf(questionnaire, survey, language) : questionnaire,
  };
}
