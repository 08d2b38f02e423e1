import { quote } from '@panelist/toolkit';
import type { Check, NumberQuestion, QuestionBase, TextFormat, TextQuestion } from '../questionnaire.ts';
import type { ReadContext, SurveyNode } from './survey-node.ts';
import { readValidators } from './validators.ts';

/** What each input of HTML's asks; SurveyJS takes any text for those that only choose a keyboard. */
const formats: Readonly<Record<string, TextFormat>> = {
  text: 'plain',
  password: 'plain',
  email: 'email',
  tel: 'tel',
  url: 'url',
  color: 'color',
  date: 'date',
  'datetime-local': 'datetime-local',
  month: 'month',
  week: 'week',
  time: 'time',
};
const dated: ReadonlySet<TextFormat> = new Set(['date', 'datetime-local', 'month', 'week', 'time']);
const numberInputs: ReadonlySet<string> = new Set(['number', 'range']);
const numberMasks: ReadonlySet<string> = new Set(['numeric', 'currency']);

/** `text` and `comment`: a number where the input, a mask or a validator wants one, else a text. */
export function importTextQuestion(
  type: 'text' | 'comment',
  base: QuestionBase,
  node: SurveyNode,
  context: ReadContext,
): NumberQuestion | TextQuestion {
  const input = node.word('inputType') ?? 'text';
  const mask = node.word('maskType') ?? 'none';
  const limits = readValidators(node, ['numeric', 'text', 'regex', 'email'], context);
  if (mask !== 'none' && mask !== '' && !numberMasks.has(mask))
    context.problems.unsupported(
      node.placeOf('maskType'),
      `a mask of type ${quote(mask)} is not carried yet`,
    );
  if (limits.isNumeric || numberInputs.has(input) || numberMasks.has(mask))
    return importNumberQuestion(base, node, context, input === 'range');
  const format = Object.hasOwn(formats, input) ? formats[input] : undefined;
  if (format === undefined)
    context.problems.unsupported(
      node.placeOf('inputType'),
      `the input type ${quote(input)} cannot be asked yet`,
    );
  const isDated = format !== undefined && dated.has(format);
  // SurveyJS: 0 lifts the survey's bound for this question.
  const own = node.number('maxLength') === 0 ? Infinity : node.count('maxLength');
  const maxLength = Math.min(limits.maxLength, own ?? context.maxTextLength ?? Infinity);
  return {
    ...base,
    kind: 'text',
    multiline: type === 'comment',
    format: limits.isEmail ? 'email' : (format ?? 'plain'),
    earliest: isDated ? dateBound(node, 'min', context) : null,
    latest: isDated ? dateBound(node, 'max', context) : null,
    minLength: limits.minLength === 0 ? null : limits.minLength,
    maxLength: finite(maxLength),
    patterns: limits.patterns,
    checks: [...limits.checks, ...boundChecks(node, base.name)],
  };
}

export function importNumberQuestion(
  base: QuestionBase,
  node: SurveyNode,
  context: ReadContext,
  isRange: boolean,
): NumberQuestion {
  const limits = readValidators(node, ['numeric', 'text', 'regex', 'email'], context);
  // A slider without bounds has those of HTML.
  const min = Math.max(limits.min, node.number('min') ?? (isRange ? 0 : -Infinity));
  const max = Math.min(limits.max, node.number('max') ?? (isRange ? 100 : Infinity));
  if (min > max) context.problems.invalid(node.place, `no number is at least ${min} and at most ${max}`);
  // HTML's own word for no step.
  const step = node.scalar('step') === 'any' ? null : (node.number('step') ?? (isRange ? 1 : null));
  if (step !== null && step <= 0)
    context.problems.invalid(node.placeOf('step'), `a step must be above 0, not ${step}`);
  const integer = step !== null && Number.isInteger(step) && (min === -Infinity || Number.isInteger(min));
  return {
    ...base,
    kind: 'number',
    min: finite(min),
    max: finite(max),
    step: step === 1 && integer ? null : step,
    integer,
    minDescription: '',
    maxDescription: '',
    checks: [...base.checks, ...limits.checks, ...boundChecks(node, base.name)],
  };
}

/** A bound that SurveyJS computes from the answers. */
function boundChecks(node: SurveyNode, name: string): Check[] {
  return (['minValueExpression', 'maxValueExpression'] as const).flatMap((key): Check[] => {
    const bound = node.word(key);
    if (bound === null || bound.trim() === '') return [];
    const isMin = key === 'minValueExpression';
    const expression = node.expression(key, `{${name}} ${isMin ? '>=' : '<='} (${bound})`);
    return [{ expression, message: `it must be ${isMin ? 'at least' : 'at most'} ${bound}` }];
  });
}

function dateBound(node: SurveyNode, key: 'min' | 'max', { problems }: ReadContext): string | null {
  const bound = node.word(key);
  if (bound === null || bound === '') return null;
  if (/^\d{4}-|^\d{2}:\d{2}/.test(bound)) return bound;
  problems.unsupported(
    node.placeOf(key),
    `the bound ${quote(bound)} is not carried; write it like 2026-03-01`,
  );
  return null;
}

function finite(bound: number): number | null {
  return Number.isFinite(bound) ? bound : null;
}
