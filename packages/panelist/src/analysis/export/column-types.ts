import { kindOf } from '../../survey/question-kinds/index.ts';
import { isListForm } from '../../survey/question-kinds/kind.ts';
import type { AnswerValue, OptionValue, Question } from '../../survey/questionnaire.ts';
import type { ColumnType } from './export-table.ts';

/** What the values of a question are, by what it offers. */
export function declaredType(question: Question): ColumnType {
  const { answerForm } = kindOf(question);
  if (answerForm === 'number' || answerForm === 'text') return answerForm;
  const values = 'options' in question ? question.options.map(({ value }) => value) : [];
  if (isListForm(answerForm)) return listType(values);
  if (allAre(values, 'number')) return 'number';
  return allAre(values, 'boolean') ? 'boolean' : 'text';
}

/**
 * The type that holds a further value too: defaults and triggers can set what the question does not offer.
 *
 * @param type `null` while no value has been seen
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
