import { quote } from '@panelist/toolkit';
import type { NumberQuestion, Question, TextQuestion } from '../questionnaire.ts';
import type { ReadContext, SurveyNode } from './survey-node.ts';
import { readValidators } from './validators.ts';

type QuestionBase = Pick<Question, 'name' | 'path' | 'title' | 'description' | 'isRequired' | 'visibleIf'>;

/** Those that only choose a keyboard: SurveyJS takes any text for them. */
const textInputs: ReadonlySet<string> = new Set(['text', 'email', 'tel', 'url']);
const numberInputs: ReadonlySet<string> = new Set(['number', 'range']);

/** `text` and `comment`: a number where the input or a validator wants one, else a text. */
export function importTextQuestion(
  type: 'text' | 'comment',
  base: QuestionBase,
  node: SurveyNode,
  context: ReadContext,
): NumberQuestion | TextQuestion {
  const input = node.word('inputType') ?? 'text';
  const limits = readValidators(node, ['numeric', 'text'], context);
  if (!textInputs.has(input) && !numberInputs.has(input))
    context.problems.unsupported(
      node.placeOf('inputType'),
      `the input type ${quote(input)} cannot be asked yet`,
    );
  if (!limits.isNumeric && !numberInputs.has(input)) {
    // SurveyJS: 0 lifts the survey's bound for this question.
    const own = node.number('maxLength') === 0 ? Infinity : node.count('maxLength');
    const maxLength = Math.min(limits.maxLength, own ?? context.maxTextLength ?? Infinity);
    return { ...base, kind: 'text', multiline: type === 'comment', maxLength: finite(maxLength) };
  }
  // A slider without bounds has those of HTML.
  const isRange = input === 'range';
  const min = Math.max(limits.min, node.number('min') ?? (isRange ? 0 : -Infinity));
  const max = Math.min(limits.max, node.number('max') ?? (isRange ? 100 : Infinity));
  if (min > max) context.problems.invalid(node.place, `no number is at least ${min} and at most ${max}`);
  const step = node.number('step') ?? (isRange ? 1 : null);
  const integer = step === 1 && (min === -Infinity || Number.isInteger(min));
  if (step !== null && !integer)
    context.problems.unsupported(
      node.placeOf('step'),
      `steps of ${step} from ${finite(min) ?? 0} cannot be asked yet`,
    );
  return { ...base, kind: 'number', min: finite(min), max: finite(max), integer };
}

function finite(bound: number): number | null {
  return Number.isFinite(bound) ? bound : null;
}
