import type { Messages } from '../languages/messages.ts';
import { answerStatuses } from '../survey/answer.ts';
import type { Tabulation } from './tabulate.ts';

/** All statuses and their meanings, in one text. */
export function statusMeanings({ statuses }: Messages): string {
  return answerStatuses.map((status) => `${status} = ${statuses.meaning[status]}`).join(statuses.separator);
}

/** How many answers have which status, in one line. */
export function answerCounts(
  { questions }: Pick<Tabulation, 'questions'>,
  { run, statuses: said }: Messages,
): string {
  return answerStatuses
    .map((status) => {
      const count = questions.reduce((sum, { statuses }) => sum + statuses[status], 0);
      return said.count(count, said.name[status]);
    })
    .join(run.separator);
}
