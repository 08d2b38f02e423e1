import type { AnswerStatus } from '../../survey/answer.ts';

/** What each status says, in the words of the codebook, the methods sheet and the report. */
export const statusMeaning: Readonly<Record<AnswerStatus, string>> = {
  answered: 'the value fits the question; empty where an optional question was left empty',
  refused: 'the respondent declined to answer',
  'dont-know': 'the respondent said that they do not know',
  skipped: "not asked, by the survey's logic, or hidden by a later answer",
  preset: 'not asked: the survey itself gives the value, as a default or by a trigger',
  invalid: 'asked, asked again, and still no value that fits',
  failed: 'no reply could be had from the model',
};

export const answerStatuses = Object.keys(statusMeaning) as readonly AnswerStatus[];

export const statusMeanings: string = answerStatuses
  .map((status) => `${status} = ${statusMeaning[status]}`)
  .join('; ');
