import { quote } from '@panelist/toolkit';
import { interviewTextsFor } from '../../languages/messages.ts';
import type { Check, TextQuestion } from '../questionnaire.ts';
import { isPattern } from '../reply/patterns.ts';
import { asWritten } from './references.ts';
import { isObject, type ReadContext, SurveyNode } from './survey-node.ts';

/** The validators that bound an answer in a way that can be asked for. */
type Validator = 'numeric' | 'text' | 'answercount' | 'regex' | 'email';

/** What a question's validators ask together; no bound is ±`Infinity`. */
export interface ValidatorLimits {
  isNumeric: boolean;
  min: number;
  max: number;
  minLength: number;
  maxLength: number;
  isEmail: boolean;
  patterns: TextQuestion['patterns'][number][];
  /** Taken of every question. */
  checks: Check[];
  minCount: number;
  maxCount: number;
}

/** Reads a question's `validators`; of those that are not `carried`, each is a problem of its own. */
export function readValidators(
  node: SurveyNode,
  carried: readonly Validator[],
  context: ReadContext,
): ValidatorLimits {
  const limits: ValidatorLimits = {
    isNumeric: false,
    min: -Infinity,
    max: Infinity,
    minLength: 0,
    maxLength: Infinity,
    isEmail: false,
    patterns: [],
    checks: [],
    minCount: -Infinity,
    maxCount: Infinity,
  };
  const frame = interviewTextsFor(context.language.locale);
  const place = node.placeOf('validators');
  for (const [index, raw] of node.list('validators').entries()) {
    const at = { ...place, path: `${place.path}[${index}]` };
    const type = isObject(raw) ? raw.type : undefined;
    // SurveyJS shows a warning or a hint and takes the answer.
    if (isObject(raw) && (raw.notificationType === 'warning' || raw.notificationType === 'info')) continue;
    if (isObject(raw) && (type === 'expression' || type === 'expressionvalidator')) {
      const check = new SurveyNode('expressionvalidator', raw, at, node.page, context);
      const expression = check.word('expression') ?? '';
      if (expression.trim() !== '') {
        limits.checks.push({
          expression: check.expression('expression', expression),
          allowsUnknown: false,
          message: check.text('text') || frame.problems.expression(asWritten(expression)),
        });
      }
      continue;
    }
    const known = carried.find((name) => type === name || type === `${name}validator`);
    if (!isObject(raw) || known === undefined) {
      context.problems.unsupported(at, `a validator of type ${quote(type)} is not carried`);
      continue;
    }
    const validator = new SurveyNode(`${known}validator`, raw, at, node.page, context);
    if (known === 'numeric') {
      limits.isNumeric = true;
      limits.min = Math.max(limits.min, validator.number('minValue') ?? -Infinity);
      limits.max = Math.min(limits.max, validator.number('maxValue') ?? Infinity);
    } else if (known === 'text') {
      limits.minLength = Math.max(limits.minLength, validator.count('minLength') ?? 0);
      limits.maxLength = Math.min(limits.maxLength, validator.count('maxLength') ?? Infinity);
      if (!validator.boolean('allowDigits', true))
        limits.patterns.push({ pattern: '^\\D*$', flags: 'u', message: frame.problems.noDigits });
    } else if (known === 'email') {
      limits.isEmail = true;
    } else if (known === 'regex') {
      const pattern = validator.word('regex') ?? '';
      const flags = validator.boolean('caseInsensitive', false) ? 'i' : '';
      if (isPattern(pattern, flags)) {
        const message = validator.text('text') || frame.problems.pattern(pattern);
        limits.patterns.push({ pattern, flags, message });
      } else context.problems.invalid(at, `${quote(pattern)} is not a regular expression`);
    } else {
      limits.minCount = Math.max(limits.minCount, validator.count('minCount') ?? -Infinity);
      limits.maxCount = Math.min(limits.maxCount, validator.count('maxCount') ?? Infinity);
    }
  }
  return limits;
}
