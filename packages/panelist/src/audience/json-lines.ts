import { quote } from '@panelist/toolkit';
import { isDeeperThan } from '../files/json-depth.ts';
import { type AudienceField, AudienceLineError } from './respondent-list.ts';

/** Maximum length of a line in characters. */
const maxLine = 1_000_000;
/** Maximum nesting of objects and arrays in a line. */
const maxDepth = 100;

/**
 * Reads a text with one JSON object per line; blank lines are skipped.
 *
 * @throws AudienceLineError
 */
export async function* readJsonLines(
  text: AsyncIterable<string>,
): AsyncGenerator<{ fields: AudienceField[]; line: number }, void, undefined> {
  let line = 0;
  for await (const content of lines(text)) {
    line++;
    if (content.length > maxLine) throw new AudienceLineError(line, `it has more than ${maxLine} characters`);
    if (content.trim() !== '') yield { fields: fieldsOf(content, line), line };
  }
}

/** Yields lines. A line over the limit is cut, just long enough to be recognised as too long. */
async function* lines(text: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const chunk of text) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
    if (rest.length > maxLine) break;
  }
  yield rest;
}

function fieldsOf(content: string, line: number): AudienceField[] {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    throw new AudienceLineError(line, `it is not JSON: ${quote(content.trim())}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AudienceLineError(line, `it must be a JSON object, one a line, not ${quote(value)}`);
  // A deeper value cannot be written back, because `JSON.stringify` is recursive.
  if (isDeeperThan(value, maxDepth))
    throw new AudienceLineError(line, `it is nested more than ${maxDepth} levels deep`);
  return Object.entries(value);
}
