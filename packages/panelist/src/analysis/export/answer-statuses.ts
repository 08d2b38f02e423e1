import type { Messages } from '../../languages/messages.ts';
import { answerStatuses } from '../../survey/answer.ts';

/** Every status with what it means, in one text. */
export function statusMeanings({ statuses }: Messages): string {
  return answerStatuses.map((status) => `${status} = ${statuses.meaning[status]}`).join(statuses.separator);
}
