import { quote } from '@panelist/toolkit';
import { type ImportProblems, type Place, within } from './import-problems.ts';
import { bound } from './references.ts';
import { isObject, isScalar } from './survey-node.ts';
import type { Cell } from './survey-tree.ts';
import { canonical, type GridClass } from './surveyjs-properties.ts';

type Raw = Readonly<Record<string, unknown>>;

/** A question for one cell, written as SurveyJS would write it alone. `null`: it has no place in the grid's data. */
export interface RawCell {
  readonly raw: Raw;
  readonly cell: Cell | null;
}

/** Cells under a title of their own: a row of several columns, an entry of a dynamic panel. */
export interface RawGroup {
  readonly raw: Raw;
  readonly elements: readonly (RawCell | RawGroup)[];
}

/** Rows of a dynamic grid, or entries of a dynamic panel, where the file sets no bound. */
export const defaultMaxEntries = 10;
/** Beyond what anybody would fill in. */
const maxRows = 500;

interface Row {
  readonly key: string | number;
  /** As `{name.row}` or `{name[0]}` reaches it. */
  readonly reference: string;
  readonly title: unknown;
  readonly own: Raw;
}

/** Takes a grid apart into the questions of its cells. */
export function expandGrid(
  raw: Raw,
  name: string,
  type: Exclude<GridClass, 'paneldynamic'>,
  problems: ImportProblems,
  place: Place,
): (RawCell | RawGroup)[] {
  const grid = canonical(raw, type);
  if (type === 'multipletext') return textItems(grid, name, problems, place);
  if (type === 'matrixdynamic') {
    const { count, max, question } = entryCount(
      { start: grid.rowCount ?? 2, min: grid.minRowCount, max: grid.maxRowCount },
      grid.allowAddRows !== false && grid.allowRemoveRows !== false,
      name,
      raw,
    );
    const rows = Array.from({ length: Math.min(max, maxRows) }, (_, index): Row => {
      const condition =
        count !== null && index >= count ? { visibleIf: `{${countName(name)}} > ${index}` } : {};
      return { key: index, reference: `${name}[${index}]`, title: String(index + 1), own: condition };
    });
    return [...question, ...rows.map((row, index) => dropdownRow(grid, name, row, index, problems, place))];
  }
  const rows = rowsOf(grid, name, problems, place);
  if (type === 'matrixdropdown')
    return rows.map((row, index) => dropdownRow(grid, name, row, index, problems, place));
  return rows.map((row) => matrixRow(grid, name, row));
}

function matrixRow(grid: Raw, name: string, { key, reference, title, own }: Row): RawCell {
  const cellType = grid.cellType === 'checkbox' ? 'checkbox' : 'radiogroup';
  const isRequired = grid.eachRowRequired === true || grid.isRequired === true;
  return {
    raw: {
      type: cellType,
      title,
      choices: grid.columns ?? [],
      ...(isRequired && { isRequired }),
      ...conditionsOf(grid, own, key, 'columnsVisibleIf', 'choicesVisibleIf'),
      ...defaultOf(grid.defaultValue, key),
    },
    cell: { name: reference, target: [name, key] },
  };
}

function dropdownRow(
  grid: Raw,
  name: string,
  row: Row,
  index: number,
  problems: ImportProblems,
  place: Place,
): RawGroup {
  const columns = Array.isArray(grid.columns) ? grid.columns : [];
  const elements = columns.flatMap((given: unknown, at): RawCell[] => {
    const column = isObject(given) ? given : { name: given };
    const columnPlace = { ...place, path: `${place.path}.columns[${at}]` };
    if (typeof column.name !== 'string' || column.name === '') {
      problems.invalid(columnPlace, 'a column needs a name');
      return [];
    }
    const own = column.cellType ?? 'default';
    const cellType = own === 'default' ? (grid.cellType ?? 'dropdown') : own;
    const { name: columnName, cellType: _, title, ...rest } = column;
    const wantsChoices = ['dropdown', 'radiogroup', 'checkbox', 'tagbox'].includes(String(cellType));
    const hasChoices = Array.isArray(rest.choices) && rest.choices.length > 0;
    const literals = {
      rowIndex: index + 1,
      rowValue: row.key,
      rowTitle: textOf(row.title),
      rowName: row.key,
    };
    return [
      {
        raw: bound(
          {
            ...rest,
            ...(wantsChoices && !hasChoices && { choices: grid.choices ?? [] }),
            type: cellType,
            title: title ?? columnName,
          },
          { row: row.reference },
          literals,
        ),
        cell: { name: `${row.reference}.${columnName}`, target: [name, row.key, columnName] },
      },
    ];
  });
  return {
    raw: { type: 'panel', name: row.reference, title: row.title, ...conditionsOf(grid, row.own, row.key) },
    elements,
  };
}

/** The row's own condition and the grid's for all rows, of which `{item}` is the row. */
function conditionsOf(grid: Raw, own: Raw, key: string | number, from?: string, to?: string): Raw {
  const all = bound({ rowsVisibleIf: grid.rowsVisibleIf }, {}, { item: key, rowValue: key }).rowsVisibleIf;
  const conditions = [own.visibleIf, own.enableIf, all].filter(
    (each) => typeof each === 'string' && each !== '',
  );
  const visibleIf =
    conditions.length > 1 ? conditions.map((each) => `(${each})`).join(' and ') : conditions[0];
  const columns = from !== undefined && to !== undefined ? grid[from] : undefined;
  return {
    ...(visibleIf !== undefined && { visibleIf }),
    ...(columns !== undefined && to !== undefined && { [to]: columns }),
  };
}

function defaultOf(all: unknown, key: string | number): Raw {
  const value = isObject(all) ? all[key] : undefined;
  return value === undefined ? {} : { defaultValue: value };
}

function rowsOf(grid: Raw, name: string, problems: ImportProblems, place: Place): Row[] {
  const rows = Array.isArray(grid.rows) ? grid.rows : [];
  if (rows.length === 0) problems.invalid(within(place, 'rows'), 'it has no rows');
  return rows.slice(0, maxRows).flatMap((item: unknown, index): Row[] => {
    const own = isObject(item) ? item : {};
    const value = isObject(item) ? item.value : item;
    if (!isScalar(value) || String(value).trim() === '') {
      problems.invalid(
        { ...place, path: `${place.path}.rows[${index}]` },
        `a row needs a value, not ${quote(item)}`,
      );
      return [];
    }
    const [key = '', text] = String(value).split('|', 2);
    return [
      {
        key,
        reference: `${name}.${key}`,
        title: own.text ?? text ?? key,
        own: bound(own, {}, { item: key }),
      },
    ];
  });
}

function textItems(grid: Raw, name: string, problems: ImportProblems, place: Place): RawCell[] {
  const items = Array.isArray(grid.items) ? grid.items : [];
  if (items.length === 0) problems.invalid(within(place, 'items'), 'it has no items');
  return items.flatMap((item: unknown, index): RawCell[] => {
    const own = isObject(item) ? canonical(item, 'multipletextitem') : { name: item };
    if (typeof own.name !== 'string' || own.name === '') {
      problems.invalid({ ...place, path: `${place.path}.items[${index}]` }, 'an item needs a name');
      return [];
    }
    const raw = {
      ...own,
      type: 'text',
      title: own.title ?? own.name,
      isRequired: own.isRequired === true || grid.isRequired === true,
      ...defaultOf(grid.defaultValue, own.name),
    };
    return [{ raw, cell: { name: `${name}.${own.name}`, target: [name, own.name] } }];
  });
}

/** The name under which a dynamic grid's or panel's number of entries is asked; it is no part of SurveyJS's data. */
export function countName(name: string): string {
  return `${name}-count`;
}

/** How many entries there are: as many as it starts with where none can be added or removed, else a question. */
export function entryCount(
  { start, min, max }: { readonly start: unknown; readonly min: unknown; readonly max: unknown },
  isOpen: boolean,
  name: string,
  { title, isRequired, visibleIf, enableIf }: Raw,
): { count: number | null; max: number; question: RawCell[] } {
  const begin = wholeNumber(start) ?? 0;
  const least = Math.max(wholeNumber(min) ?? 0, isRequired === true ? 1 : 0);
  const most = wholeNumber(max) ?? Math.max(defaultMaxEntries, least, begin);
  if (!isOpen || least === most) return { count: null, max: Math.max(begin, least), question: [] };
  const question = {
    type: 'text',
    inputType: 'number',
    title: title === undefined ? `How many of: ${name}` : titled(title),
    min: least,
    max: most,
    step: 1,
    isRequired: true,
    ...(visibleIf !== undefined && { visibleIf }),
    ...(enableIf !== undefined && { enableIf }),
  };
  return { count: 0, max: most, question: [{ raw: question, cell: { name: countName(name), target: [] } }] };
}

function titled(title: unknown): unknown {
  if (!isObject(title)) return `${String(title)} – how many entries?`;
  return Object.fromEntries(
    Object.entries(title).map(([locale, text]) => [locale, `${String(text)} – how many entries?`]),
  );
}

function wholeNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : null;
}

function textOf(title: unknown): string {
  return typeof title === 'string' ? title : '';
}
