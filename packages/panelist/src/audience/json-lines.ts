import { quote } from '@panelist/toolkit';
import { isDeeperThan } from '../files/json-depth.ts';
import { type AudienceField, AudienceLineError } from './respondent-list.ts';

/** Characters of one line. */
const maxLine = 1_000_000;
/** Levels of objects and arrays in one line. */
const maxDepth = 100;

/**
 * The objects of a text that has one JSON object a line; blank lines are passed over.
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

/** A line that is too long comes cut, just long enough to tell. */
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
  // What is deeper cannot be written back: `JSON.stringify` recurses.
  if (isDeeperThan(value, maxDepth))
    throw new AudienceLineError(line, `it is nested more than ${maxDepth} levels deep`);
  return Object.entries(value);
}
