import { normalised } from '../../text/one-line.ts';
import type { AskedQuestion } from '../prompt/asked-question.ts';
import { kindOf } from '../question-kinds/index.ts';
import { isListForm } from '../question-kinds/kind.ts';

/**
 * What stands for "left empty" in a reply. A text, since providers bound how many values may be of two types
 * (`string or null`), and no empty one, since some refuse that among options.
 */
export const leftEmpty = '(no answer)';

/** Whether a question has no option that could be meant by `leftEmpty`; where it has one, that is an option. */
export function marksEmpty({ choices }: AskedQuestion): boolean {
  if (!choices) return true;
  const match = choices.match(leftEmpty);
  return !match.matched && !match.ambiguous;
}

function isList({ question }: AskedQuestion): boolean {
  return isListForm(kindOf(question).answerForm);
}

/** Whether a reply's value leaves the question empty, allowed or not. */
export function isLeftEmpty(asked: AskedQuestion, value: unknown): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return value.length === 0 && isList(asked);
  if (typeof value !== 'string') return false;
  const said = normalised(value);
  if (said === '') return true;
  if (said === leftEmpty) return marksEmpty(asked);
  // A text that must be there could be somebody's "null"; one that need not is JSON's.
  return said === 'null' && !asked.question.isRequired && asked.choices?.match(value).matched !== true;
}
