import { quote } from '@panelist/toolkit';
import type { z } from 'zod';
import { PanelistError } from '../../panelist-error.ts';
import { didYouMean } from '../../text/did-you-mean.ts';

import type { Position } from './guide-document.ts';

type Path = readonly (string | number)[];

/** What is wrong in one part of a guide. */
export interface GuideProblem {
  readonly path: Path;
  readonly text: string;
  /** Whether the name itself is wrong, and not what it holds. */
  readonly isName: boolean;
}

/** What is wrong in one part of a guide, as it is reported. */
export interface PlacedGuideProblem {
  /** As in `rounds[1].message`. */
  readonly path: string;
  readonly text: string;
  /** Where it is in the file; `null` for a guide that came from no file. */
  readonly position: Position | null;
}

/** A guide that is not valid. */
export class GuideError extends PanelistError {
  /** All that is wrong with it; the message names the first of them. */
  readonly problems: readonly PlacedGuideProblem[];

  constructor(message: string, problems: readonly PlacedGuideProblem[], options?: ErrorOptions) {
    super('GUIDE_INVALID', message, options);
    this.problems = problems;
  }
}

/** What is known of a JSON Schema here. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** The issues of a check, one for each part, in words that say what to do. */
export function guideProblems(value: unknown, error: z.ZodError, schema: object): GuideProblem[] {
  return error.issues.flatMap((issue) => problemsOf(issue, [], value, schema as Schema));
}

/** `rounds[1].followUps[0].message` */
export function pathText(path: Path): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
  return text.replace(/^\./, '') || 'the whole guide';
}

function problemsOf(issue: z.core.$ZodIssue, base: Path, value: unknown, schema: Schema): GuideProblem[] {
  const path = [...base, ...(issue.path as Path)];
  const here = valueAt(value, path);
  if (issue.code === 'unrecognized_keys') {
    const known = namesAt(schema, path);
    return issue.keys.map((key) => {
      const meant = didYouMean(key, known) || ` Known are: ${known.join(', ')}.`;
      return { path: [...path, key], text: `There is no such field.${meant}`, isName: true };
    });
  }
  if (here === undefined && path.length > 0) return [{ path, text: 'It is missing', isName: false }];
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input') {
    // A text was wanted, or an object: what it is tells which of them was meant.
    const meant = issue.errors.find((issues) => !issues.some(isOfAnotherType));
    if (meant !== undefined) return meant.flatMap((each) => problemsOf(each, path, value, schema));
    const types = issue.errors.flatMap((issues) =>
      issues.filter(isOfAnotherType).map(({ expected }) => expected),
    );
    return [{ path, text: `Expected ${types.join(' or ')}, got ${quote(here)}`, isName: false }];
  }
  if (issue.code === 'invalid_value' && typeof here === 'string') {
    const known = issue.values.map(String);
    const text = `Expected ${known.map((each) => quote(each)).join(' or ')}, got ${quote(here)}.${didYouMean(here, known)}`;
    return [{ path, text, isName: false }];
  }
  return [{ path, text: issue.message, isName: false }];
}

function isOfAnotherType(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueInvalidType {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

function valueAt(value: unknown, path: Path): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string | number, unknown>>)[key];
  }
  return at;
}

/** The fields that an object at this path may have. */
function namesAt(schema: Schema, path: Path): string[] {
  let at = alternatives(schema);
  for (const key of path)
    at = at.flatMap(({ items, properties }) => {
      const next = typeof key === 'number' ? items : properties?.[key];
      return next === undefined ? [] : alternatives(next);
    });
  return [...new Set(at.flatMap(({ properties }) => Object.keys(properties ?? {})))].filter(
    (name) => name !== '$schema',
  );
}

function alternatives(schema: Schema): readonly Schema[] {
  return schema.anyOf?.flatMap(alternatives) ?? [schema];
}
