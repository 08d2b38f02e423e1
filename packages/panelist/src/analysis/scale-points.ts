import { kindOf } from '../survey/question-kinds/index.ts';
import type { Option, Question } from '../survey/questionnaire.ts';

/** Options that are an answer in substance: "Don't know" and "Refuse" make a status, not a share. */
export function substantiveOptions(question: Question): readonly Option[] | null {
  if (!('options' in question)) return null;
  return question.options.filter(({ role }) => role !== 'refused' && role !== 'dont-know');
}

/**
 * Whether means of the values make sense: numbers asked for, and scales each of whose points is a number. Codes of a
 * nominal list are numbers too, and are none.
 */
export function isNumeric(question: Question): boolean {
  const kind = kindOf(question);
  if (!('options' in question)) return kind.answerForm === 'number';
  const points = question.options.filter(({ role }) => role === 'plain');
  return (
    kind.isScale(question) && points.length > 0 && points.every(({ value }) => typeof value === 'number')
  );
}

/** The number that an answer stands for, where the question is numeric; `null` for "Other" and the like. */
export function numberOf(question: Question, value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  if (!('options' in question)) return value;
  return question.options.some((option) => option.role === 'plain' && option.value === value) ? value : null;
}
