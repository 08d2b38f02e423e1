import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import { checkOption } from '../options/check.ts';
import { toJson } from './json-value.ts';
import type { TaskItem } from './task-record.ts';

/** Argument checks of the task manager. Each throws a `ToolkitError` `INVALID_OPTION` that quotes the value. */

export function checkKey(name: string, value: unknown): asserts value is string {
  // Databases cannot keep a NUL, or tell two lone surrogates apart.
  checkOption(
    typeof value === 'string' && value !== '' && !value.includes('\0') && value.isWellFormed(),
    `${name} must be a string that is not empty and is well-formed Unicode without NUL`,
    value,
  );
}

export function checkCount(name: string, value: unknown): asserts value is number {
  const fits = Number.isSafeInteger(value) && (value as number) >= 0;
  checkOption(fits, `${name} must be an integer, 0 or more`, value);
}

export function checkInterval(name: string, value: unknown): asserts value is number {
  const fits = typeof value === 'number' && Number.isFinite(value) && value > 0;
  checkOption(fits, `${name} must be a number of milliseconds above 0`, value);
}

export function checkText(name: string, value: unknown): asserts value is string | null {
  checkOption(value === null || typeof value === 'string', `${name} must be a string or null`, value);
}

export function checkFlag(name: string, value: unknown): asserts value is boolean {
  checkOption(typeof value === 'boolean', `${name} must be true or false`, value);
}

export function checkItemKeys(itemKeys: unknown): asserts itemKeys is readonly string[] {
  checkOption(Array.isArray(itemKeys), 'itemKeys must be a list of strings', itemKeys);
  for (const [index, key] of itemKeys.entries()) checkKey(`itemKeys[${index}]`, key);
}

/** A copy of them. @throws ToolkitError also `DUPLICATE_ITEM` */
export function checkedItems(items: unknown): readonly TaskItem[] {
  checkOption(Array.isArray(items), 'items must be a list of { key, input }', items);
  const seen = new Set<string>();
  return Array.from<unknown, TaskItem>(items, (item, index) => {
    checkOption(typeof item === 'object' && item !== null, `items[${index}] must be { key, input }`, item);
    const { key, input } = item as Partial<TaskItem>;
    checkKey(`items[${index}].key`, key);
    const json = toJson(input, `items[${index}].input`);
    if (seen.has(key)) {
      throw new ToolkitError('DUPLICATE_ITEM', `Two items have the key ${quote(key)}: keys must be unique.`);
    }
    seen.add(key);
    return { key, input: json };
  });
}
