import type { TaskRecord } from '@panelist/toolkit';
import { type Messages, messagesFor } from '../../languages/messages.ts';

/** In the language of what a task asks: the questionnaire's, or the one that is spoken in the group. */
export function taskMessages({ taskParams }: Pick<TaskRecord, 'taskParams'>): Messages {
  const { questionnaire, language } = (taskParams ?? {}) as {
    readonly questionnaire?: { readonly locale?: unknown } | null;
    readonly language?: unknown;
  };
  const spoken = questionnaire?.locale ?? language;
  return messagesFor(typeof spoken === 'string' ? spoken : '');
}
