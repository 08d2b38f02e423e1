import { quote } from '@panelist/toolkit';
import { interviewTextsFor } from '../../languages/messages.ts';
import { oneLine } from '../../text/one-line.ts';
import type { TextFormat } from '../question-kinds/text-formats.ts';
import type { Expression, NumberQuestion, QuestionBase, TextQuestion } from '../questionnaire.ts';
import { isObject, type ReadContext, SurveyNode } from './survey-node.ts';
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
const textMasks: ReadonlySet<string> = new Set(['pattern', 'datetime']);

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
  if (mask !== 'none' && mask !== '' && !numberMasks.has(mask) && !textMasks.has(mask))
    context.problems.unsupported(node.placeOf('maskType'), `a mask of type ${quote(mask)} is not carried`);
  if (limits.isNumeric || numberInputs.has(input) || numberMasks.has(mask))
    return importNumberQuestion(base, node, context, input === 'range');
  const format = Object.hasOwn(formats, input) ? formats[input] : undefined;
  if (format === undefined)
    context.problems.unsupported(node.placeOf('inputType'), `the input type ${quote(input)} cannot be asked`);
  const isDated = format !== undefined && dated.has(format);
  // SurveyJS: 0 lifts the survey's bound for this question.
  const own = node.number('maxLength') === 0 ? Infinity : node.count('maxLength');
  const maxLength = Math.min(limits.maxLength, own ?? context.maxTextLength ?? Infinity);
  const shape = shownMask(node, mask);
  return {
    ...base,
    kind: 'text',
    ...(shape !== null && { mask: shape }),
    multiline: type === 'comment',
    format: limits.isEmail ? 'email' : (format ?? 'plain'),
    ...dateBounds(node, isDated, context),
    minLength: limits.minLength === 0 ? null : limits.minLength,
    maxLength: finite(maxLength),
    patterns: [...limits.patterns, ...maskPatterns(node, mask, context)],
    checks: limits.checks,
  };
}

export function importNumberQuestion(
  base: QuestionBase,
  node: SurveyNode,
  context: ReadContext,
  isRange: boolean,
): NumberQuestion {
  const limits = readValidators(node, ['numeric', 'text', 'regex', 'email'], context);
  const mask = maskSettings(node);
  // A slider without bounds has those of HTML.
  const isMasked = numberMasks.has(node.word('maskType') ?? '');
  const maskMin = isMasked ? finiteOf(mask.min) : null;
  const maskMax = isMasked ? finiteOf(mask.max) : null;
  const least = Math.max(limits.min, node.number('min') ?? (isRange ? 0 : -Infinity), maskMin ?? -Infinity);
  const most = Math.min(limits.max, node.number('max') ?? (isRange ? 100 : Infinity), maskMax ?? Infinity);
  if (least > most)
    context.problems.invalid(node.place, `no number is at least ${least} and at most ${most}`);
  // HTML's own word for no step.
  const step = node.scalar('step') === 'any' ? null : (node.number('step') ?? (isRange ? 1 : null));
  if (step !== null && step <= 0)
    context.problems.invalid(node.placeOf('step'), `a step must be above 0, not ${step}`);
  // Steps of a slider count from its minimum, those of a number from 0: then the bounds are moved onto steps.
  const isSlider = node.surveyClass === 'slider';
  const min = step === null || isSlider ? least : onStep(least, step, Math.ceil);
  const max = step === null || isSlider ? most : onStep(most, step, Math.floor);
  const integer = step !== null && Number.isInteger(step) && (min === -Infinity || Number.isInteger(min));
  return {
    ...base,
    kind: 'number',
    min: finite(min),
    max: finite(max),
    ...bounds(node),
    counts: null,
    step: step === 1 && integer ? null : step,
    integer,
    labels: labels(node, context),
    checks: [...base.checks, ...limits.checks],
  };
}

function onStep(bound: number, step: number, round: (steps: number) => number): number {
  if (!Number.isFinite(bound)) return bound;
  const steps = round(Number((bound / step).toPrecision(12)));
  return Number((steps * step).toPrecision(12));
}

/** Bounds that SurveyJS computes from the answers. A bare `min` or `max` may be an expression too: `=today()`. */
function bounds(node: SurveyNode): { minExpression: Expression | null; maxExpression: Expression | null } {
  return {
    minExpression: node.formula('minValueExpression'),
    maxExpression: node.formula('maxValueExpression'),
  };
}

function dateBounds(
  node: SurveyNode,
  isDated: boolean,
  context: ReadContext,
): Pick<TextQuestion, 'earliest' | 'latest' | 'minExpression' | 'maxExpression'> {
  if (!isDated) return { earliest: null, latest: null, minExpression: null, maxExpression: null };
  const { minExpression, maxExpression } = bounds(node);
  const min = dateBound(node, 'min', context);
  const max = dateBound(node, 'max', context);
  return {
    earliest: min.date,
    latest: max.date,
    minExpression: minExpression ?? min.expression,
    maxExpression: maxExpression ?? max.expression,
  };
}

/** What points of a slider mean: SurveyJS's `customLabels`, and `valueLabels`, as some front ends call them. */
function labels(node: SurveyNode, context: ReadContext): NumberQuestion['labels'] {
  const key = node.has('customLabels') ? 'customLabels' : 'valueLabels';
  if (!node.has(key)) return [];
  const place = node.placeOf(key);
  return node.list(key).flatMap((raw, index) => {
    if (!isObject(raw) || raw.value === undefined) return [];
    const item = new SurveyNode(
      'itemvalue',
      raw,
      { ...place, path: `${place.path}[${index}]` },
      node.page,
      context,
    );
    const value = item.number('value');
    const text = item.text('text').replace(new RegExp(`^${value}\\s*[:.)–-]\\s*`), '');
    return value === null || text === '' || text === String(value) ? [] : [{ value, text }];
  });
}

function shownMask(node: SurveyNode, mask: string): NonNullable<TextQuestion['mask']> | null {
  const { pattern } = maskSettings(node);
  if (!textMasks.has(mask) || typeof pattern !== 'string' || pattern === '' || pattern.length > maxMask)
    return null;
  return { pattern: oneLine(pattern), isDate: mask === 'datetime' };
}

function maskSettings(node: SurveyNode): Readonly<Record<string, unknown>> {
  return node.object('maskSettings') ?? {};
}

/** A pattern mask as a regular expression: `9` a digit, `a` a letter, `#` either; a backslash takes the next as it is. */
function maskPatterns(node: SurveyNode, mask: string, { language }: ReadContext): TextQuestion['patterns'] {
  if (!textMasks.has(mask)) return [];
  const { pattern } = maskSettings(node);
  if (typeof pattern !== 'string' || pattern === '' || pattern.length > maxMask) return [];
  const { problems } = interviewTextsFor(language.locale);
  const message = problems.pattern(pattern);
  if (mask === 'pattern') {
    const parts = pattern.match(/\\.|[\s\S]/gu) ?? [];
    const written = parts.map((part) => maskParts[part] ?? escaped(part.replace(/^\\/, '')));
    return [{ pattern: `^${written.join('')}$`, flags: 'u', message }];
  }
  const written = pattern.replace(/([dmyHMhsTt])\1*|[\s\S]/g, (part) => dateParts[part] ?? escaped(part));
  return [{ pattern: `^${written}$`, flags: 'u', message }];
}

function escaped(text: string): string {
  return text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
}

/** Characters. */
const maxMask = 200;
const maskParts: Readonly<Record<string, string>> = { '9': '\\d', a: '[a-zA-Z]', '#': '[a-zA-Z\\d]' };
const dateParts: Readonly<Record<string, string>> = {
  dd: '(?:0[1-9]|[12]\\d|3[01])',
  d: '(?:0?[1-9]|[12]\\d|3[01])',
  mm: '(?:0[1-9]|1[0-2])',
  m: '(?:0?[1-9]|1[0-2])',
  yyyy: '\\d{4}',
  yy: '\\d{2}',
  HH: '(?:[01]\\d|2[0-3])',
  H: '(?:1?\\d|2[0-3])',
  hh: '(?:0[1-9]|1[0-2])',
  h: '(?:0?[1-9]|1[0-2])',
  MM: '[0-5]\\d',
  M: '[1-5]?\\d',
  ss: '[0-5]\\d',
  s: '[1-5]?\\d',
  TT: '[AP]M',
  tt: '[ap]m',
};

interface DateBound {
  readonly date: string | null;
  readonly expression: Expression | null;
}

function dateBound(node: SurveyNode, key: 'min' | 'max', { problems, names }: ReadContext): DateBound {
  const bound = node.word(key);
  if (bound === null || bound === '') return { date: null, expression: null };
  if (/^\d{4}-|^\d{2}:\d{2}/.test(bound)) return { date: bound, expression: null };
  if (bound.startsWith('=')) {
    const isCarried = names.checkCondition(bound.slice(1), node.placeOf(key), node.page);
    return { date: null, expression: isCarried ? bound.slice(1) : null };
  }
  problems.unsupported(
    node.placeOf(key),
    `the bound ${quote(bound)} is not carried; write it like 2026-03-01`,
  );
  return { date: null, expression: null };
}

function finiteOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function finite(bound: number): number | null {
  return Number.isFinite(bound) ? bound : null;
}
