import { quote, ToolkitError } from '../errors/toolkit-error.ts';
import { assertJson } from './json-value.ts';
import type { TaskItem } from './task-record.ts';

/** Argument checks of the task manager. Each throws a `ToolkitError` `INVALID_OPTION` that quotes the value. */

export function checkKey(name: string, value: unknown): asserts value is string {
  // Databases cannot keep a NUL, or tell two lone surrogates apart.
  if (typeof value === 'string' && value !== '' && !value.includes('\0') && value.isWellFormed()) return;
  invalid(`${name} must be a string that is not empty and is well-formed Unicode without NUL`, value);
}

export function checkCount(name: string, value: unknown): asserts value is number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return;
  invalid(`${name} must be an integer, 0 or more`, value);
}

export function checkInterval(name: string, value: unknown): asserts value is number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return;
  invalid(`${name} must be a number of milliseconds above 0`, value);
}

export function checkText(name: string, value: unknown): asserts value is string | null {
  if (value === null || typeof value === 'string') return;
  invalid(`${name} must be a string or null`, value);
}

export function checkFlag(name: string, value: unknown): asserts value is boolean {
  if (typeof value === 'boolean') return;
  invalid(`${name} must be true or false`, value);
}

/** @throws ToolkitError also `DUPLICATE_ITEM` */
export function checkItems(items: unknown): asserts items is readonly TaskItem[] {
  if (!Array.isArray(items)) invalid('items must be a list of { key, input }', items);
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    if (typeof item !== 'object' || item === null) invalid(`items[${index}] must be { key, input }`, item);
    const { key, input } = item as Partial<TaskItem>;
    checkKey(`items[${index}].key`, key);
    assertJson(input, `items[${index}].input`);
    if (seen.has(key)) {
      throw new ToolkitError('DUPLICATE_ITEM', `Two items have the key ${quote(key)}: keys must be unique.`);
    }
    seen.add(key);
  }
}

export function invalid(expected: string, value: unknown): never {
  throw new ToolkitError('INVALID_OPTION', `${expected}, got ${quote(value)}.`);
}
