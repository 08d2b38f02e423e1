import type { Answer } from '../../survey/answer.ts';
import { kindOf } from '../../survey/question-kinds/index.ts';
import type { Option, Question } from '../../survey/questionnaire.ts';
import { substantiveOptions } from '../scale-points.ts';
import type { SurveyWords } from '../survey-words.ts';
import type { Field } from './export-table.ts';

/**
 * A multiple choice in the form that statistics packages expect: one column `question[value]` per option, 1 if it was
 * chosen and 0 if not. The cell is empty if nothing was chosen (`question.status` has the reason) or the option was not
 * offered. "Don't know" and "Refuse" are statuses and have no column.
 */
export function indicatorColumns<Row>(
  question: Question,
  answerOf: (row: Row) => Answer | undefined,
  { readable, messages: { columns } }: SurveyWords,
): Field<Row>[] {
  if (kindOf(question).answerForm !== 'options') return [];
  return (substantiveOptions(question) ?? []).map(
    (option): Field<Row> => ({
      name: `${question.name}[${option.value}]`,
      type: 'integer',
      description: columns.indicator(question.name, readable(option.text)),
      read: (row) => indicator(answerOf(row), option),
    }),
  );
}

function indicator(answer: Answer | undefined, { value }: Option): 0 | 1 | null {
  const hasValue = answer?.status === 'answered' || answer?.status === 'preset';
  if (!hasValue || !Array.isArray(answer.value)) return null;
  if (answer.value.includes(value)) return 1;
  return answer.shownOptions === null || answer.shownOptions.includes(value) ? 0 : null;
}
