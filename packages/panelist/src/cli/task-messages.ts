import type { TaskRecord } from '@panelist/toolkit';
import { type Messages, messagesFor } from '../languages/messages.ts';
import type { SurveyTaskParams } from '../survey/survey-job.ts';

/** In the language of what a task asks: the questionnaire's, or the one that is spoken in the group. */
export function taskMessages({ taskParams }: Pick<TaskRecord, 'taskParams'>): Messages {
  const { questionnaire, language } = (taskParams ?? {}) as Partial<SurveyTaskParams> & {
    readonly language?: string;
  };
  return messagesFor(questionnaire?.locale ?? language ?? '');
}
