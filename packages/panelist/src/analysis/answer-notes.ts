import type { Messages } from '../languages/messages.ts';
import { answerStatuses } from '../survey/answer.ts';
import { oneLine } from '../text/one-line.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { rounded } from './figures.ts';
import type { SurveyWords } from './survey-words.ts';
import type { QuestionTable } from './tabulate.ts';

/** One note for each reason why interviews are not counted in a question's shares. */
export function absenceNotes(
  { answers, statuses, unlisted, noneChosen }: QuestionTable,
  { figures, statuses: words }: Messages,
): string[] {
  const notes: string[] = [];
  const empty = statuses.answered - answers;
  if (empty > 0) notes.push(figures.leftEmpty(empty));
  if (noneChosen > 0) notes.push(figures.noneChosen(noneChosen));
  for (const status of answerStatuses) {
    if (status !== 'answered' && statuses[status] > 0)
      notes.push(words.count(statuses[status], words.word[status]));
  }
  if (unlisted > 0) notes.push(figures.unlisted(unlisted));
  return notes;
}

/** Interviews without an answer on either side, by their reason: one row a reason that occurs. */
export function missingRows(
  sides: readonly [QuestionTable, QuestionTable],
  { statuses: words, comparison }: Pick<Messages, 'statuses' | 'comparison'>,
): string[][] {
  return answerStatuses.flatMap((status) => {
    if (status === 'answered') return [];
    const counts = sides.map(({ statuses }) => statuses[status]);
    return counts.some((count) => count > 0)
      ? [[comparison.missing[status] ?? words.word[status], ...counts.map(String)]]
      : [];
  });
}

/** What the ends of a scale count in its mean; `null` if its points are these numbers. */
export function scoresNote(
  { question, measurement }: QuestionTable,
  { readable, messages }: SurveyWords,
): string | null {
  const ends = [measurement.scores?.[0], measurement.scores?.at(-1)];
  const options = 'options' in question ? question.options : [];
  const [low, high] = ends.map((end) => {
    const option = options.find(({ value }) => value === end?.[0]);
    return {
      score: end?.[1] ?? 0,
      text: option ? oneLine(readable(option.text)) || String(option.value) : '',
    };
  });
  if (!low || !high || measurement.scores === null) return null;
  if (low.text === String(low.score) && high.text === String(high.score)) return null;
  return messages.figures.scores(terminalSafe(low.text), low.score, terminalSafe(high.text), high.score);
}

export function effectiveText({ effectiveN }: QuestionTable, { figures }: Messages): string {
  return figures.effectiveN(rounded(effectiveN, 1));
}
