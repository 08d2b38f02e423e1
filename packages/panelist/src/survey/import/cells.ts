import { pathOf } from '../question.ts';
import type { ImportProblems, Place } from './import-problems.ts';

/** A JSON object of a survey file. */
export type Raw = Readonly<Record<string, unknown>>;

/** What a question is called, and the path of its value in SurveyJS's data. */
export interface Cell {
  readonly name: string;
  readonly target: readonly (string | number)[];
  /** Another question before it has the same value. */
  readonly isShared?: boolean;
}

/** The same question's, or another's beside it: `list-count` beside `list`. */
export function beside({ name, target }: Cell, suffix: string): Cell {
  return { name: `${name}${suffix}`, target: [...target.slice(0, -1), `${String(target.at(-1))}${suffix}`] };
}

/** A question for one cell, written as SurveyJS would write it alone. `null`: it has no value in the grid's data. */
export interface RawCell {
  readonly raw: Raw;
  readonly place: Place;
  readonly cell: Cell | null;
}

/** Cells under a title of their own: a row of several columns, an entry of a dynamic panel. */
export interface RawGroup {
  readonly raw: Raw;
  readonly place: Place;
  /** Made when asked for: a small file can have millions of cells, and most of them are never needed. */
  readonly elements: () => readonly RawPart[];
}

export type RawPart = RawCell | RawGroup;

/** A grid or dynamic panel taken apart. */
export interface Expansion {
  readonly parts: readonly RawPart[];
  /** Of a dynamic panel whose number of entries is fixed. */
  readonly fixedCount: number | null;
}

/** Rows of a dynamic grid, or entries of a dynamic panel, where the file sets no bound. */
export const defaultMaxEntries = 10;

/** Where a dynamic grid's or panel's number of entries is asked; it isn't part of SurveyJS's data. */
function countOf(list: Cell): Cell {
  return beside(list, '-count');
}

interface EntryRange {
  readonly start: unknown;
  readonly min: unknown;
  readonly max: unknown;
  /** Entries of the default value; 0 for none. */
  readonly preset: number;
  readonly isOpen: boolean;
  /** Whether entries without answers are in the data too, as those of dynamic panels are. */
  readonly keepsEmpty: boolean;
  /** More are a problem. */
  readonly limit: number;
}

/**
 * How many entries there are: as many as it starts with where none can be added or removed, else a question. A list
 * that it shares with another question has as many as that gave it.
 */
export function entryCount(
  { start, min, max, preset, isOpen, keepsEmpty, limit }: EntryRange,
  list: Cell,
  { title, isRequired, visibleIf, enableIf, readOnly }: Raw,
  problems: ImportProblems,
  place: Place,
): {
  readonly fixedCount: number | null;
  readonly max: number;
  readonly question: readonly RawCell[];
  /** The condition of the entry at an index. */
  readonly isThere: (index: number) => string | undefined;
} {
  const bounded = (count: number): number => {
    if (count > limit)
      problems.unsupported(place, `${count} entries are too many; at most ${limit} can be asked`);
    return Math.min(count, limit);
  };
  const begin = bounded(Math.max(wholeNumber(start) ?? 0, preset));
  const least = bounded(Math.max(wholeNumber(min) ?? 0, isRequired === true ? 1 : 0));
  const most = bounded(wholeNumber(max) ?? Math.max(defaultMaxEntries, least, begin));
  if (list.isShared === true) {
    const length = `{${pathOf(list)}.length}`;
    return { fixedCount: null, max: most, question: [], isThere: (index) => `${length} > ${index}` };
  }
  if (!isOpen || least === most) {
    const fixed = Math.max(begin, least);
    return { fixedCount: fixed, max: fixed, question: [], isThere: () => undefined };
  }
  const cell = countOf(list);
  const question = {
    type: 'entrycount',
    title: title ?? list.name,
    min: least,
    max: most,
    step: 1,
    isRequired: true,
    counts: { target: list.target, keepsEmpty },
    ...(preset > 0 && { defaultValue: preset }),
    ...(visibleIf !== undefined && { visibleIf }),
    ...(enableIf !== undefined && { enableIf }),
    ...(readOnly !== undefined && { readOnly }),
  };
  return {
    fixedCount: null,
    max: most,
    question: [{ raw: question, place, cell }],
    isThere: (index) => `{${pathOf(cell)}} > ${index}`,
  };
}

/** The default of one cell: from the default of the whole, else of each row, else its own. */
export function withDefault(raw: Raw, ...defaults: readonly unknown[]): Raw {
  const found = defaults.find((each) => each !== undefined);
  return found === undefined ? raw : { ...raw, defaultValue: found };
}

export function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : null;
}

export function allOf(conditions: readonly unknown[]): string | undefined {
  const given = conditions.filter((each): each is string => typeof each === 'string' && each.trim() !== '');
  return given.length > 1 ? given.map((each) => `(${each})`).join(' and ') : given[0];
}
