import { quote } from '@panelist/toolkit';
import { namesIn, namesOf } from '../interview/question-references.ts';
import {
  type AnswerValue,
  type ComputedValue,
  isScalar,
  type NumberDisplay,
  type Trigger,
} from '../questionnaire.ts';
import type { RawComputed } from './raw-survey.ts';
import { isObject, type ReadContext, SurveyNode } from './survey-node.ts';

/** Behind every page: what is computed may read all answers. */
const anyPage = Number.POSITIVE_INFINITY;

/**
 * A survey's `calculatedValues` and its `expression` questions, each behind those that it reads: SurveyJS computes them
 * again until nothing changes.
 */
export function importComputed(
  listed: unknown,
  questions: readonly RawComputed[],
  context: ReadContext,
): ComputedValue[] {
  const computed: ComputedValue[] = [];
  for (const { raw, place } of calculatedValues(listed)) {
    const node = new SurveyNode('calculatedvalue', raw, place, anyPage, context);
    const name = node.word('name') ?? '';
    const expression = node.formula('expression');
    if (name === '' || expression === null) continue;
    const isResult = node.boolean('includeIntoResult', false);
    computed.push({
      name,
      target: [name],
      expression,
      isResult,
      visibleIf: [],
      precision: null,
      display: null,
    });
  }
  for (const { raw, place, cell, around } of questions) {
    const node = new SurveyNode('expression', raw, place, anyPage, context);
    const expression = node.formula('expression');
    if (expression === null) continue;
    const precision = node.number('precision');
    computed.push({
      ...cell,
      expression,
      isResult: true,
      visibleIf: around.map((condition) => condition.expression),
      precision: precision === null || precision < 0 ? null : Math.min(Math.floor(precision), 20),
      display: displayOf(node),
    });
  }
  return behindWhatTheyRead(computed);
}

function displayOf(node: SurveyNode): NumberDisplay | null {
  const style = node.word('displayStyle') ?? 'none';
  const format = node.text('format');
  if (!['decimal', 'currency', 'percent', 'date'].includes(style) && format === '') return null;
  const digits = (key: string): number | null => {
    const count = node.number(key);
    return count === null || count < 0 ? null : Math.min(Math.floor(count), 20);
  };
  return {
    format,
    style: style as NumberDisplay['style'],
    currency: node.word('currency') ?? 'USD',
    useGrouping: node.boolean('useGrouping', true),
    minimumFractionDigits: digits('minimumFractionDigits'),
    maximumFractionDigits: digits('maximumFractionDigits'),
  };
}

/** Those that read each other in a circle stay as they are listed. */
function behindWhatTheyRead(computed: readonly ComputedValue[]): ComputedValue[] {
  const byName = new Map(computed.flatMap((each) => namesOf(each).map((name) => [name, each] as const)));
  const done = new Set<ComputedValue>();
  const sorted: ComputedValue[] = [];
  // A stack of its own: a chain of values can be longer than the program's.
  for (const first of computed) {
    const open: { readonly value: ComputedValue; isRead: boolean }[] = [{ value: first, isRead: false }];
    while (open.length > 0) {
      const last = open.at(-1) as (typeof open)[number];
      if (last.isRead || done.has(last.value)) {
        open.pop();
        if (last.isRead) sorted.push(last.value);
        continue;
      }
      done.add(last.value);
      last.isRead = true;
      for (const name of namesIn(last.value.expression)) {
        const read = byName.get(name.toLowerCase());
        if (read !== undefined && !done.has(read)) open.push({ value: read, isRead: false });
      }
    }
  }
  return sorted;
}

/** What `setValueIf`, `setValueExpression` and `resetValueIf` of one question amount to. */
export function questionTriggers(node: SurveyNode, name: string): Trigger[] {
  const triggers: Trigger[] = [];
  const reset = node.word('resetValueIf') ?? '';
  if (reset.trim() !== '')
    triggers.push({ kind: 'reset', expression: node.expression('resetValueIf', reset), name });
  const condition = node.word('setValueIf') ?? '';
  const run = node.formula('setValueExpression');
  if (condition.trim() === '' && run === null) return triggers;
  const expression = condition.trim() === '' ? 'true' : node.expression('setValueIf', condition);
  // Without an expression, SurveyJS takes the value away.
  triggers.push(
    run === null ? { kind: 'clear', expression, name } : { kind: 'follow', expression, name, run },
  );
  return triggers;
}

/** The names of `calculatedValues`, which conditions and texts may read. */
export function calculatedNames(listed: unknown): string[] {
  return calculatedValues(listed).flatMap(({ raw }) => (typeof raw.name === 'string' ? [raw.name] : []));
}

/** The names that `triggers` set, which conditions and texts may read. */
export function triggeredNames(listed: unknown): string[] {
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((raw: unknown) =>
    isObject(raw) && typeof raw.setToName === 'string' && raw.setToName !== '' ? [raw.setToName] : [],
  );
}

function calculatedValues(
  listed: unknown,
): { raw: Readonly<Record<string, unknown>>; place: { path: string; element: null } }[] {
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((raw: unknown, index) =>
    isObject(raw) ? [{ raw, place: { path: `calculatedValues[${index}]`, element: null } }] : [],
  );
}

/** A survey's `triggers`. */
export function importTriggers(listed: unknown, context: ReadContext): Trigger[] {
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((raw: unknown, index): Trigger[] => {
    const place = { path: `triggers[${index}]`, element: null };
    const fields = isObject(raw) ? raw : {};
    const word = (key: string): string => (typeof fields[key] === 'string' ? (fields[key] as string) : '');
    const expression = word('expression');
    const type = word('type').replace(/trigger$/, '');
    if (expression.trim() === '') {
      context.problems.unsupported(place, 'a trigger needs an expression to be carried');
      return [];
    }
    if (!context.names.checkCondition(expression, { ...place, path: `${place.path}.expression` }, anyPage))
      return [];
    const name = word('setToName');
    switch (type) {
      case 'skip':
        return [{ kind: 'skip', expression, to: word('gotoName') }];
      case 'complete':
        return [{ kind: 'complete', expression }];
      case 'setvalue': {
        const { setValue } = fields;
        if (typeof setValue === 'string' && setValue.startsWith('='))
          return [{ kind: 'run-expression', expression, name, run: setValue.slice(1) }];
        if (!isScalar(setValue) && !(Array.isArray(setValue) && setValue.every(isScalar))) break;
        return [{ kind: 'set-value', expression, name, value: setValue as AnswerValue }];
      }
      case 'copyvalue':
        return [{ kind: 'copy-value', expression, name, from: word('fromName') }];
      case 'runexpression': {
        const run = word('runExpression');
        if (!context.names.checkCondition(run, { ...place, path: `${place.path}.runExpression` }, anyPage))
          return [];
        return [{ kind: 'run-expression', expression, name, run }];
      }
    }
    context.problems.unsupported(place, `a trigger of type ${quote(fields.type)} is not carried`);
    return [];
  });
}
