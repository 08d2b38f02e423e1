import type { Questionnaire } from '../questionnaire.ts';
import { runWithin, TookTooLong } from '../run-within.ts';
import { expressionParts } from './expressions.ts';

/**
 * Terms of all expressions of a questionnaire, each counted wherever it is used: in every cell of a grid, say. They may
 * all be evaluated after every reply, which takes some 0.1 s at this number.
 */
const maxTerms = 200_000;
/** For parsing them: SurveyJS's parser can take time that grows exponentially with nesting. */
const parseLimitMs = 10_000;

/** Why evaluating the expressions of a questionnaire would take too long; `null` where it would not. */
export function expressionsTooLong(questionnaire: Questionnaire): string | null {
  try {
    const terms = runWithin(parseLimitMs, () => termsIn(questionnaire, false));
    if (terms <= maxTerms) return null;
    return `its expressions have ${terms} terms, cells of grids included; at most ${maxTerms}`;
  } catch (error) {
    if (!(error instanceof TookTooLong)) throw error;
    return `its expressions take more than ${parseLimitMs / 1000} s to parse`;
  }
}

function termsIn(value: unknown, isExpression: boolean): number {
  if (typeof value === 'string') return isExpression ? (expressionParts(value)?.terms ?? 0) : 0;
  if (typeof value !== 'object' || value === null) return 0;
  if (Array.isArray(value)) {
    let terms = 0;
    for (const each of value) terms += termsIn(each, isExpression);
    return terms;
  }
  let terms = 0;
  for (const [key, each] of Object.entries(value)) terms += termsIn(each, expressionKeys.has(key));
  return terms;
}

/** The properties of a questionnaire that hold expressions, alone or in a list. */
const expressionKeys: ReadonlySet<string> = new Set([
  'visibleIf',
  'requiredIf',
  'enableIf',
  'defaultExpression',
  'minExpression',
  'maxExpression',
  'expression',
  'run',
]);
