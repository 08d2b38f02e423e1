import { extname } from 'node:path';
import { quote } from '@panelist/toolkit';
import { readCsv } from '../../audience/read-csv.ts';
import { AudienceLineError } from '../../audience/respondent-list.ts';
import { fileName, type InputFile } from '../../files/input-file.ts';
import { isDeeperThan } from '../../files/json-depth.ts';
import { linesOfJson } from '../../files/json-place.ts';
import { findJsonSyntaxError } from '../../files/json-syntax.ts';
import { readText } from '../../files/read-text.ts';
import { PanelistError } from '../../panelist-error.ts';
import { shortened } from '../../text/shortened.ts';

/** 2 MB: far more than the longest list. */
const maxBytes = 2_000_000;
const maxChoices = 2_000;
/** Levels of lists and objects: a choice may have its text by language. */
const maxDepth = 10;

/** A choice as a survey file could have it. */
export type ListedChoice = string | number | { readonly value: string | number; readonly text: unknown };

/**
 * A question's choices from a file (UTF-8, at most 2 MB and 2,000 choices): `.json`, a list of texts, numbers and
 * `{"value": …, "text": …}`; `.csv`, with the columns `value` and `text`; any other, one choice a line.
 *
 * @throws PanelistError `FILE_NOT_FOUND`, `FILE_NOT_READABLE`; `CHOICES_INVALID`, naming the line
 */
export async function readChoicesFile(file: InputFile): Promise<readonly ListedChoice[]> {
  const path = fileName(file);
  let text = '';
  const options = { what: 'choices', invalidCode: 'CHOICES_INVALID', maxBytes } as const;
  for await (const piece of readText(file, options)) text += piece;
  const list = new ChoiceList(path);
  const ending = extname(path).toLowerCase();
  if (ending === '.json') fromJson(text, path, list);
  else if (ending === '.csv') await fromCsv(text, path, list);
  else for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) list.add(line.trim(), index + 1);
  if (list.choices.length === 0) throw invalid(path, null, 'it has no choices');
  return list.choices;
}

class ChoiceList {
  readonly choices: ListedChoice[] = [];
  readonly #path: string;
  /** Value → line. */
  readonly #lines = new Map<string, number>();

  constructor(path: string) {
    this.#path = path;
  }

  /** An empty text is passed over. */
  add(choice: ListedChoice, line: number): void {
    if (choice === '') return;
    if (this.choices.length >= maxChoices)
      throw invalid(this.#path, line, `a question can have ${maxChoices} choices at most`);
    const value = String(typeof choice === 'object' ? choice.value : choice);
    const before = this.#lines.get(value);
    if (before !== undefined)
      throw invalid(this.#path, line, `the value ${quote(value)} is also that of line ${before}`);
    this.#lines.set(value, line);
    this.choices.push(choice);
  }
}

function fromJson(text: string, path: string, list: ChoiceList): void {
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch (cause) {
    const found = findJsonSyntaxError(text);
    const detail = found ? `${found.problem}, here:\n  ${found.excerpt}` : 'its syntax is wrong';
    throw invalid(path, found?.line ?? null, `it is not JSON: ${detail}`, cause);
  }
  if (!Array.isArray(items)) throw invalid(path, 1, `it must be a list of choices, not ${quote(items)}`);
  if (items.length > maxChoices)
    throw invalid(path, null, `it has ${items.length} choices; a question can have ${maxChoices} at most`);
  if (isDeeperThan(items, maxDepth))
    throw invalid(path, null, `it is nested more than ${maxDepth} levels deep`);
  const lines = linesOfJson(
    text,
    items.map((_, index) => `[${index}]`),
  );
  for (const [index, item] of items.entries()) {
    const line = lines[index] as number;
    const choice = choiceOf(item);
    if (choice === null)
      throw invalid(
        path,
        line,
        `a choice is a text, a number or {"value": …, "text": …}, not ${shortened(JSON.stringify(item), 200)} ([${index}])`,
      );
    list.add(choice, line);
  }
}

function choiceOf(item: unknown): ListedChoice | null {
  if (isValue(item)) return item;
  if (typeof item !== 'object' || item === null) return null;
  const { value, text = value, ...others } = item as Readonly<Record<string, unknown>>;
  const isRead = isValue(text) || (typeof text === 'object' && text !== null);
  return isValue(value) && isRead && Object.keys(others).length === 0 ? { value, text } : null;
}

function isValue(value: unknown): value is string | number {
  return (
    (typeof value === 'string' && value.trim() !== '') ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}

async function fromCsv(text: string, path: string, list: ChoiceList): Promise<void> {
  async function* whole(): AsyncGenerator<string> {
    yield text;
  }
  try {
    for await (const { fields, line } of readCsv(whole(), ',')) {
      const row = new Map(fields.map(([column, value]) => [column.toLowerCase(), String(value).trim()]));
      const value = row.get('value');
      if (value === undefined || fields.length > 2 || (fields.length === 2 && !row.has('text')))
        throw invalid(
          path,
          1,
          `its columns must be value and text, not ${fields.map(([column]) => quote(column)).join(', ')}`,
        );
      if (value === '') throw invalid(path, line, 'the value is empty');
      list.add({ value, text: row.get('text') || value }, line);
    }
  } catch (error) {
    if (error instanceof AudienceLineError) throw invalid(path, error.line, error.message, error);
    throw error;
  }
}

function invalid(path: string, line: number | null, problem: string, cause?: unknown): PanelistError {
  const at = line === null ? '' : `, line ${line}`;
  return new PanelistError('CHOICES_INVALID', `The choices in ${quote(path)}${at}: ${problem}.`, { cause });
}
