import { kindOf } from '../../survey/question-kinds/index.ts';
import { isListForm } from '../../survey/question-kinds/kind.ts';
import type { AnswerValue, OptionValue, Question } from '../../survey/questionnaire.ts';
import type { ColumnType } from './export-table.ts';

/** The type of a question's values according to its options. */
export function declaredType(question: Question): ColumnType {
  const { answerForm } = kindOf(question);
  if (answerForm === 'number' || answerForm === 'text') return answerForm;
  const values = 'options' in question ? question.options.map(({ value }) => value) : [];
  if (isListForm(answerForm)) return listType(values);
  if (allAre(values, 'number')) return 'number';
  return allAre(values, 'boolean') ? 'boolean' : 'text';
}

/**
 * Widens a type to include another value: defaults and triggers can set values that the question does not offer.
 *
 * @param type `null` before the first value
 */
export function widened(type: ColumnType | null, value: AnswerValue): ColumnType {
  if (typeof value === 'object') {
    if (type === 'numbers') return listType(value);
    return type === null ? listType(value) : type === 'texts' ? 'texts' : 'text';
  }
  const own = typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text';
  return type === null || type === own ? own : 'text';
}

function listType(values: readonly OptionValue[]): ColumnType {
  return allAre(values, 'number') ? 'numbers' : 'texts';
}

function allAre(values: readonly OptionValue[], type: 'number' | 'boolean'): boolean {
  return values.length > 0 && values.every((value) => typeof value === type);
}
