import type { Messages } from '../../languages/messages.ts';
import type { AnswerStatus } from '../../survey/answer.ts';

/** In the order in which they are shown: a status that is missing here does not compile. */
export const answerStatuses: readonly AnswerStatus[] = Object.keys({
  answered: true,
  refused: true,
  'dont-know': true,
  skipped: true,
  preset: true,
  invalid: true,
  failed: true,
} satisfies Record<AnswerStatus, true>) as readonly AnswerStatus[];

/** Every status with what it means, in one text. */
export function statusMeanings({ statuses }: Messages): string {
  return answerStatuses.map((status) => `${status} = ${statuses.meaning[status]}`).join(statuses.separator);
}
