import { quote } from '@panelist/toolkit';
import type { ComputedValue, Trigger } from '../questionnaire.ts';
import { isObject, isScalar, type ReadContext, SurveyNode } from './survey-node.ts';
import type { RawComputed } from './survey-tree.ts';

/** Behind every page: what is computed may read all answers. */
const anyPage = Number.POSITIVE_INFINITY;

/** A survey's `calculatedValues` and its `expression` questions. */
export function importComputed(
  listed: unknown,
  questions: readonly RawComputed[],
  context: ReadContext,
): ComputedValue[] {
  const computed: ComputedValue[] = [];
  for (const { raw, place } of calculatedValues(listed)) {
    const node = new SurveyNode('calculatedvalue', raw, place, anyPage, context);
    const name = node.word('name') ?? '';
    const expression = node.word('expression') ?? '';
    if (name === '' || expression.trim() === '') continue;
    computed.push({
      name,
      expression: node.expression('expression', expression),
      isResult: node.boolean('includeIntoResult', false),
    });
  }
  for (const { raw, place } of questions) {
    const node = new SurveyNode('expression', raw, place, anyPage, context);
    const name = node.word('valueName') || node.word('name') || '';
    const expression = node.word('expression') ?? '';
    if (name === '') context.problems.invalid(place, 'it has no name');
    if (expression.trim() !== '')
      computed.push({ name, expression: node.expression('expression', expression), isResult: true });
  }
  return computed;
}

/** The names of `calculatedValues`, which conditions and texts may read. */
export function calculatedNames(listed: unknown): string[] {
  return calculatedValues(listed).flatMap(({ raw }) => (typeof raw.name === 'string' ? [raw.name] : []));
}

function calculatedValues(
  listed: unknown,
): { raw: Readonly<Record<string, unknown>>; place: { path: string; element: null } }[] {
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((raw: unknown, index) =>
    isObject(raw) ? [{ raw, place: { path: `calculatedValues[${index}]`, element: null } }] : [],
  );
}

/** A survey's `triggers`; those that only move the view are refused, since they skip what stands between. */
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
    context.names.checkCondition(expression, { ...place, path: `${place.path}.expression` }, anyPage);
    const name = word('setToName');
    switch (type) {
      case 'complete':
        return [{ kind: 'complete', expression }];
      case 'setvalue':
        if (!isScalar(fields.setValue)) break;
        return [{ kind: 'set-value', expression, name, value: fields.setValue }];
      case 'copyvalue':
        return [{ kind: 'copy-value', expression, name, from: word('fromName') }];
      case 'runexpression': {
        const run = word('runExpression');
        context.names.checkCondition(run, { ...place, path: `${place.path}.runExpression` }, anyPage);
        return [{ kind: 'run-expression', expression, name, run }];
      }
    }
    context.problems.unsupported(place, `a trigger of type ${quote(fields.type)} is not carried yet`);
    return [];
  });
}
