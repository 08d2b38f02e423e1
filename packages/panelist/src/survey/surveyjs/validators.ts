import { quote } from '@panelist/toolkit';
import { isObject, type ReadContext, SurveyNode } from './survey-node.ts';

/** The validators that bound an answer in a way that can be asked for. */
type Validator = 'numeric' | 'text' | 'answercount';

/** What a question's validators ask together; no bound is ±`Infinity`. */
export interface ValidatorLimits {
  isNumeric: boolean;
  min: number;
  max: number;
  maxLength: number;
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
    maxLength: Infinity,
    minCount: -Infinity,
    maxCount: Infinity,
  };
  const place = node.placeOf('validators');
  for (const [index, raw] of node.list('validators').entries()) {
    const at = { ...place, path: `${place.path}[${index}]` };
    const type = isObject(raw) ? raw.type : undefined;
    const known = carried.find((name) => type === name || type === `${name}validator`);
    if (!isObject(raw) || known === undefined) {
      context.problems.unsupported(at, `a validator of type ${quote(type)} is not carried yet`);
      continue;
    }
    const validator = new SurveyNode(`${known}validator`, raw, at, node.page, context);
    if (known === 'numeric') {
      limits.isNumeric = true;
      limits.min = Math.max(limits.min, validator.number('minValue') ?? -Infinity);
      limits.max = Math.min(limits.max, validator.number('maxValue') ?? Infinity);
    } else if (known === 'text') {
      limits.maxLength = Math.min(limits.maxLength, validator.count('maxLength') ?? Infinity);
    } else {
      limits.minCount = Math.max(limits.minCount, validator.count('minCount') ?? -Infinity);
      limits.maxCount = Math.min(limits.maxCount, validator.count('maxCount') ?? Infinity);
    }
  }
  return limits;
}
