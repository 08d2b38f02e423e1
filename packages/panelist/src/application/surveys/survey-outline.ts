import type { TaskManager, TaskRecord } from '@panelist/toolkit';
import { fullTitle, surveyWords } from '../../analysis/survey-words.ts';
import { questionsOf, type SkippedElement } from '../../survey/questionnaire.ts';
import { SURVEY } from '../../survey/stored-survey.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import { surveyParams } from './answer-files.ts';

/** What a survey asks, and how: without conditions and checks, which may be long. */
export interface SurveyOutline {
  readonly survey: string;
  readonly audience: string;
  readonly language: string;
  readonly temperature: number | null;
  readonly seed: number | null;
  readonly ask: string;
  readonly randomizeOptions: boolean;
  readonly replicates: number;
  readonly questions: {
    readonly name: string;
    /** After the title of the grid that it belongs to. */
    readonly title: string;
    readonly kind: string;
    /** Empty for a question without. */
    readonly options: { readonly value: string | number | boolean; readonly text: string }[];
  }[];
  /** Of the first respondents. */
  readonly personaColumns: string[];
  /** What the questionnaire lacks of its file. */
  readonly skipped: SkippedElement[];
}

/** Respondents whose columns are listed. */
const SAMPLED = 200;

/** @throws PanelistError `ROW_INVALID`; `USAGE` for a task that is not a survey */
export async function surveyOutline(tasks: TaskManager, task: TaskRecord): Promise<SurveyOutline> {
  const { questionnaire, ...params } = surveyParams(task);
  const words = surveyWords(questionnaire);
  const { entries } = await tasks.store.items(task.taskId, { limit: SAMPLED });
  const columns = entries.flatMap((row) => Object.keys(SURVEY.item(task.taskId, row).input.persona));
  return {
    survey: params.survey,
    audience: params.audience,
    language: questionnaire.locale,
    temperature: params.temperature,
    seed: params.seed,
    ask: params.ask,
    randomizeOptions: params.randomizeOptions,
    replicates: params.replicates,
    questions: questionsOf(questionnaire).map((question) => ({
      name: question.name,
      title: fullTitle(question, words),
      kind: question.kind,
      options:
        'options' in question
          ? question.options.map(({ value, text }) => ({ value, text: terminalSafe(words.readable(text)) }))
          : [],
    })),
    personaColumns: [...new Set(columns)],
    skipped: [...questionnaire.skipped],
  };
}
