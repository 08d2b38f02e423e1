import type { Answer } from '../../survey/answer.ts';
import type { MultipleChoiceQuestion, Option, Question } from '../../survey/questionnaire.ts';
import { substantiveOptions } from '../scale-points.ts';
import type { SurveyWords } from '../survey-words.ts';
import type { Field } from './export-table.ts';

/**
 * A multiple choice as statistics packages want it: a column `question[value]` an option, 1 where it was chosen and 0
 * where it was not. Empty where nothing was chosen at all, whatever the reason (`question.status` tells), and where the
 * option was not offered. "Don't know" and "Refuse" are statuses and have none.
 */
export function indicatorColumns<Row>(
  question: Question,
  answerOf: (row: Row) => Answer | undefined,
  { readable }: SurveyWords,
): Field<Row>[] {
  if (question.kind !== 'multiple-choice') return [];
  return (substantiveOptions(question) ?? []).map(
    (option): Field<Row> => ({
      name: `${question.name}[${option.value}]`,
      type: 'integer',
      description: description(question, readable(option.text)),
      read: (row) => indicator(answerOf(row), option),
    }),
  );
}

function indicator(answer: Answer | undefined, { value }: Option): 0 | 1 | null {
  if (answer?.status !== 'answered' || !Array.isArray(answer.value)) return null;
  if (answer.value.includes(value)) return 1;
  return answer.shownOptions === null || answer.shownOptions.includes(value) ? 0 : null;
}

function description({ name }: MultipleChoiceQuestion, text: string): string {
  return `1 where “${text}” of ${name} was chosen, 0 where it was not; empty where nothing was chosen or it was not offered.`;
}
