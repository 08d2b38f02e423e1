import { quote } from '@panelist/toolkit';
import { type Expression, isScalar, type Option, type OptionValue } from '../questionnaire.ts';
import { bound } from './references.ts';
import { roleOf } from './special-options.ts';
import { isObject, type ReadContext, SurveyNode } from './survey-node.ts';

export const maxOptions = 2_000;
/** Characters. */
const maxValue = 1_000;

/**
 * The options of a question's `choices` or `rateValues`: texts, numbers, `value|text`, or objects with a `value` and
 * perhaps a `text`. One without a text reads as its value.
 */
export function readOptions(
  node: SurveyNode,
  key: 'choices' | 'rateValues',
  context: ReadContext,
): readonly Option[] {
  const place = node.placeOf(key);
  const given = key === 'choices' ? context.choices.get(node.word('name') ?? '') : undefined;
  const items = given ?? node.list(key);
  if (items.length > maxOptions) {
    context.problems.invalid(place, `${items.length} options are too many; at most ${maxOptions}`);
    return [];
  }
  const severalItems = node.surveyClass === 'checkbox' || node.surveyClass === 'tagbox';
  const options = items.flatMap((item, index): Option[] => {
    const at = { ...place, path: `${place.path}[${index}]` };
    const raw = asObject(item);
    const { value } = raw;
    if (!isScalar(value) || String(value).trim() === '') {
      context.problems.invalid(
        at,
        `an option needs a value that is a text or a number, not ${quote(value ?? item)}`,
      );
      return [];
    }
    if (String(value).length > maxValue) {
      context.problems.invalid(at, `its value has more than ${maxValue} characters`);
      return [];
    }
    const itemClass = key === 'rateValues' ? 'ratingitem' : severalItems ? 'checkboxitem' : 'choiceitem';
    // In an option's own conditions `{item}` and `{choice}` are the option.
    const own = bound(raw, {}, { item: literal(value), choice: literal(value) });
    const itemNode = new SurveyNode(itemClass, own, at, node.page, context);
    const text = itemNode.text('text') || context.names.resolvePiping(String(value), at, node.page);
    const visibleIf = [
      ...itemNode.conditions(),
      ...itemNode.conditions('enableIf'),
      ...(key === 'choices' ? forAll(node, value) : []),
    ];
    const isPinned = !itemNode.boolean('randomize', true);
    const isExclusive = itemNode.boolean('isExclusive', false);
    return [{ value, text, visibleIf, role: 'plain', isExclusive, isPinned }];
  });
  return key === 'choices' ? withRoles(options) : options;
}

/** Only what is at the end of a list can be no point of it: "Not sure" between "Yes" and "No" is one. */
function withRoles(options: readonly Option[]): readonly Option[] {
  const own = [...options];
  for (let index = own.length - 1; index > 0; index -= 1) {
    const option = own[index] as Option;
    const role = roleOf(option.value, option.text);
    if (role === 'plain') break;
    own[index] = { ...option, role };
  }
  return own;
}

/** The question's conditions for all of its options. */
export function forAll(node: SurveyNode, value: OptionValue): Expression[] {
  return ['choicesVisibleIf', 'choicesEnableIf'].flatMap((key) => node.conditionsFor(key, value));
}

function literal(value: OptionValue): string | number {
  return typeof value === 'boolean' ? String(value) : value;
}

/** As SurveyJS reads an item: a bare text is its own value, and `value|text` stands for both. */
function asObject(item: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(item)) return split(item);
  if (item.value === undefined && typeof item.text === 'string') return { ...item, ...split(item.text) };
  const { value, ...text } = split(item.value);
  return { ...text, ...item, value };
}

function split(value: unknown): { readonly value: unknown; readonly text?: string } {
  const bar = typeof value === 'string' ? value.indexOf('|') : -1;
  return typeof value === 'string' && bar >= 0
    ? { value: value.slice(0, bar), text: value.slice(bar + 1) }
    : { value };
}
