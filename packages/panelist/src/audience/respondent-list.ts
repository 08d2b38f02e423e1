import { quote } from '@panelist/toolkit';
import type { Respondent } from './respondent.ts';

/** A field of a row or object in an audience file, with its unchanged value. */
export type AudienceField = readonly [key: string, value: unknown];

/** Maximum number of rows; a larger audience should be sampled. */
const maxRespondents = 1_000_000;
/** Maximum number of columns or fields of a respondent. */
export const maxFields = 1_000;
/** Maximum length of an id in characters. */
const maxId = 200;

/**
 * Collects respondents while a file is read. The id is the field `id`, or else the first field that equals `id` ignoring
 * case. The first row decides whether there is one. Without it, ids are row numbers from 1.
 */
export class RespondentList {
  readonly respondents: Respondent[] = [];
  /** Id → line. */
  readonly #lines = new Map<string, number>();
  /** The key of the id; `null` if there is none, `undefined` before the first row. */
  #idKey: string | null | undefined;

  /** @throws AudienceLineError */
  add(fields: readonly AudienceField[], line: number): void {
    if (fields.length > maxFields)
      throw new AudienceLineError(line, `${fields.length} fields are too many; at most ${maxFields}`);
    if (this.respondents.length >= maxRespondents)
      throw new AudienceLineError(line, `an audience can have ${maxRespondents} respondents at most`);
    this.#idKey ??= idKey(fields.map(([key]) => key));
    const id =
      this.#idKey === null ? String(this.respondents.length + 1) : this.#id(fields, this.#idKey, line);
    const before = this.#lines.get(id);
    if (before !== undefined)
      throw new AudienceLineError(
        line,
        `the id ${quote(id)} is also that of line ${before}. Each respondent needs an id of its own`,
      );
    this.#lines.set(id, line);
    const persona: [string, string][] = [];
    for (const [key, value] of fields) {
      const text = key === this.#idKey || isWeight(key) ? '' : asText(value);
      if (text.trim() === '') continue;
      if (key.trim() === '')
        throw new AudienceLineError(line, `the value ${quote(text)} is in a column or field without a name`);
      persona.push([key.trim(), text]);
    }
    // `fromEntries` treats `__proto__` like any other key.
    const weight = weightOf(fields, line);
    const own = { id, persona: Object.fromEntries(persona) };
    this.respondents.push(weight === undefined ? own : { ...own, weight });
  }

  #id(fields: readonly AudienceField[], key: string, line: number): string {
    const value = fields.find(([name]) => name === key)?.[1];
    if (typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value))
      throw new AudienceLineError(
        line,
        `the id ${value} has more digits than a number keeps; put it in quotes`,
      );
    const id = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
    if (id === '')
      throw new AudienceLineError(line, `${quote(key)} must be a text or a number, not ${quote(value)}`);
    if (id.length > maxId)
      throw new AudienceLineError(line, `its id has ${id.length} characters; at most ${maxId} are allowed`);
    return id;
  }
}

/** An error in one line of an audience file; `read-audience.ts` adds the file's name. */
export class AudienceLineError extends Error {
  override readonly name = 'AudienceLineError';
  /** From 1. */
  readonly line: number;

  constructor(line: number, problem: string, options?: ErrorOptions) {
    super(problem, options);
    this.line = line;
  }
}

function idKey(keys: readonly string[]): string | null {
  return (
    keys.find((key) => key.trim() === 'id') ?? keys.find((key) => key.trim().toLowerCase() === 'id') ?? null
  );
}

/** The weight isn't part of the persona, and no model sees it. */
function isWeight(key: string): boolean {
  return key.trim().toLowerCase() === 'weight';
}

function weightOf(fields: readonly AudienceField[], line: number): number | undefined {
  const field = fields.find(([key]) => isWeight(key));
  if (field === undefined) return undefined;
  const [, value] = field;
  const weight = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof weight === 'number' && Number.isFinite(weight) && weight > 0) return weight;
  throw new AudienceLineError(
    line,
    `a weight must be a number above 0, not ${quote(value)}. Rename the column if it isn't a survey weight`,
  );
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) && value.every((part) => typeof part !== 'object' || part === null))
    return value.filter((part) => part !== null).join(', ');
  return Object.keys(value).length === 0 ? '' : JSON.stringify(value);
}
