import { quote } from '@panelist/toolkit';
import type { Option } from '../questionnaire.ts';
import { isObject, isScalar, type ReadContext, SurveyNode } from './survey-node.ts';

const maxOptions = 2_000;
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
  const items = node.list(key);
  const place = node.placeOf(key);
  if (items.length > maxOptions) {
    context.problems.invalid(place, `${items.length} options are too many; at most ${maxOptions}`);
    return [];
  }
  return items.flatMap((item, index) => {
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
    const itemNode = new SurveyNode(
      key === 'choices' ? 'choiceitem' : 'ratingitem',
      raw,
      at,
      node.page,
      context,
    );
    return [
      { value, text: itemNode.text('text') || context.names.resolvePiping(String(value), at, node.page) },
    ];
  });
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
