import type { Messages } from '../languages/messages.ts';
import { answerStatuses } from '../survey/answer.ts';
import { rounded } from './figures.ts';
import type { QuestionTable } from './tabulate.ts';

/** One note for each reason why interviews are not counted in a question's shares. */
export function absenceNotes(
  { answers, statuses, unlisted }: QuestionTable,
  { figures, statuses: words }: Messages,
): string[] {
  const notes: string[] = [];
  const empty = statuses.answered - answers;
  if (empty > 0) notes.push(figures.leftEmpty(empty));
  for (const status of answerStatuses) {
    if (status !== 'answered' && statuses[status] > 0)
      notes.push(words.count(statuses[status], words.word[status]));
  }
  if (unlisted > 0) notes.push(figures.unlisted(unlisted));
  return notes;
}

export function effectiveText({ effectiveN }: QuestionTable, { figures }: Messages): string {
  return figures.effectiveN(rounded(effectiveN, 1));
}
