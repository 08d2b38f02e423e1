import type { Messages } from '../../languages/messages.ts';
import { answerStatuses } from '../../survey/answer.ts';

/** All statuses and their meanings, in one text. */
export function statusMeanings({ statuses }: Messages): string {
  return answerStatuses.map((status) => `${status} = ${statuses.meaning[status]}`).join(statuses.separator);
}
