import { quote } from '@panelist/toolkit';
import { pathOf } from '../question.ts';
import {
  allOf,
  beside,
  type Cell,
  type Expansion,
  type Raw,
  type RawCell,
  type RawGroup,
  withDefault,
} from './cells.ts';
import { type GridRow, listedRows, openRows } from './grid-rows.ts';
import { type ImportProblems, type Place, within } from './import-problems.ts';
import { bound, expressionLiteral } from './references.ts';
import { isObject } from './survey-node.ts';
import { answerKey, canonical, type GridClass } from './surveyjs-properties.ts';

/** Takes a grid apart into the questions of its cells. */
export function expandGrid(
  raw: Raw,
  cell: Cell,
  type: Exclude<GridClass, 'paneldynamic'>,
  problems: ImportProblems,
  place: Place,
): Expansion {
  const grid = canonical(raw, type);
  const grids = new Grid(grid, cell, problems, place);
  const open = { fixedCount: null };
  if (type === 'multipletext') return { ...open, parts: grids.textItems() };
  if (type === 'matrixdynamic') {
    const { rows, question } = openRows(grid, cell, problems, place);
    const entries = rows.map((row, index) => grids.dropdownRow(row, index));
    return { ...open, parts: [...question, ...entries, ...grids.totals()] };
  }
  const rows = listedRows(grid, cell, problems, place);
  const parts = rows.map((row, index) =>
    type === 'matrix' ? grids.matrixRow(row) : grids.dropdownRow(row, index),
  );
  return { ...open, parts: [...parts, ...(type === 'matrix' ? [] : grids.totals())] };
}

class Grid {
  readonly #grid: Raw;
  readonly #cell: Cell;
  readonly #problems: ImportProblems;
  readonly #place: Place;

  constructor(grid: Raw, cell: Cell, problems: ImportProblems, place: Place) {
    this.#grid = grid;
    this.#cell = cell;
    this.#problems = problems;
    this.#place = place;
  }

  matrixRow({ key, reference, title, own, place }: GridRow): RawCell {
    const grid = this.#grid;
    const raw = {
      type: grid.cellType === 'checkbox' ? 'checkbox' : 'radiogroup',
      title,
      choices: grid.columns ?? [],
      ...(grid.eachRowRequired === true && { isRequired: true }),
      ...(own.requiredIf !== undefined && { requiredIf: own.requiredIf }),
      ...this.#conditionsOf(own, key),
      ...(grid.columnsVisibleIf !== undefined && { choicesVisibleIf: grid.columnsVisibleIf }),
      ...(grid.measurementLevel !== undefined && { measurementLevel: grid.measurementLevel }),
    };
    return {
      raw: withDefault(raw, defaultAt(grid.defaultValue, key)),
      place,
      cell: { name: reference, target: [...this.#cell.target, key] },
    };
  }

  dropdownRow(row: GridRow, index: number): RawGroup {
    return {
      raw: {
        type: 'panel',
        name: row.reference,
        title: row.title,
        ...this.#conditionsOf(row.own, row.key),
      },
      place: row.place,
      elements: () => this.#cellsOf(row, index),
    };
  }

  #cellsOf(row: GridRow, index: number): RawCell[] {
    const { columns, detailElements, detailPanelMode } = this.#grid;
    const listed = Array.isArray(columns) ? columns : [];
    const names = new Set<string>();
    const cells = listed.flatMap((given: unknown, at): RawCell[] => {
      const place = { ...this.#place, path: `${this.#place.path}.columns[${at}]` };
      const column = isObject(given) ? canonical(given, 'matrixdropdowncolumn') : { name: given };
      if (typeof column.name !== 'string' || column.name === '') {
        this.#problems.invalid(place, 'a column needs a name');
        return [];
      }
      if (names.has(column.name.toLowerCase())) {
        this.#problems.invalid(place, `${quote(column.name)} is already the name of another column`);
        return [];
      }
      names.add(column.name.toLowerCase());
      return [this.#columnCell(column, column.name, row, index, place)];
    });
    const details =
      detailPanelMode === undefined || detailPanelMode === 'none' || !Array.isArray(detailElements)
        ? []
        : detailElements.flatMap((element: unknown, at) => this.#detailCell(element, at, row, index));
    return [...cells, ...details];
  }

  #columnCell(column: Raw, name: string, row: GridRow, index: number, place: Place): RawCell {
    const grid = this.#grid;
    const own = column.cellType ?? 'default';
    const cellType = own === 'default' ? (grid.cellType ?? 'dropdown') : own;
    const { name: _, cellType: __, title, isUnique: ___, ...rest } = column;
    const wantsChoices = ['dropdown', 'radiogroup', 'checkbox', 'tagbox'].includes(String(cellType));
    const hasChoices = (Array.isArray(rest.choices) && rest.choices.length > 0) || rest.choicesFromQuestion;
    const visibleIf = allOf([
      rest.visibleIf,
      bound({ visibleIf: grid.columnsVisibleIf }, {}, { item: name }).visibleIf,
    ]);
    const raw = {
      ...rest,
      ...(wantsChoices && !hasChoices && { choices: grid.choices ?? [] }),
      ...(visibleIf !== undefined && { visibleIf }),
      type: cellType,
      name,
      title: title ?? name,
    };
    const isPreset = Array.isArray(grid.defaultValue) && index < grid.defaultValue.length;
    const rowDefault = !isPreset && isObject(grid.defaultRowValue) ? grid.defaultRowValue[name] : undefined;
    const previous =
      grid.copyDefaultValueFromLastEntry === true && typeof row.key === 'number' && row.key > 0
        ? { defaultValueExpression: `{${pathOf(this.#cell)}[${row.key - 1}].${name}}` }
        : {};
    return {
      raw: bound(
        {
          ...withDefault(raw, defaultAt(defaultAt(grid.defaultValue, row.key), name), rowDefault),
          ...previous,
        },
        { row: this.#pathOf(row) },
        this.#literals(row, index),
      ),
      place,
      cell: { name: `${row.reference}.${name}`, target: [...this.#cell.target, row.key, name] },
    };
  }

  #detailCell(element: unknown, at: number, row: GridRow, index: number): RawCell[] {
    if (!isObject(element)) return [];
    const place = { ...this.#place, path: `${this.#place.path}.detailElements[${at}]` };
    const key = answerKey(element);
    const raw = bound(element, { row: this.#pathOf(row) }, this.#literals(row, index));
    const isText = key === null || element.type === 'html' || element.type === 'image';
    return [
      {
        raw,
        place,
        cell: isText
          ? null
          : { name: `${row.reference}.${key}`, target: [...this.#cell.target, row.key, key] },
      },
    ];
  }

  #pathOf({ key }: GridRow): string {
    return pathOf({ target: [...this.#cell.target, key] });
  }

  #literals({ key, title }: GridRow, index: number): Readonly<Record<string, string | number>> {
    return {
      rowIndex: index + 1,
      visibleRowIndex: index + 1,
      item: key,
      rowValue: key,
      rowTitle: textOf(title),
      rowName: key,
    };
  }

  /** The row's own condition and the grid's for all rows, of which `{item}` is the row. */
  #conditionsOf(own: Raw, key: string | number): Raw {
    const all = bound(
      { visibleIf: this.#grid.rowsVisibleIf },
      {},
      { item: key, rowValue: key, rowName: key },
    ).visibleIf;
    const visibleIf = allOf([own.visibleIf, all]);
    return {
      ...(visibleIf !== undefined && { visibleIf }),
      ...(own.enableIf !== undefined && { enableIf: own.enableIf }),
    };
  }

  textItems(): RawCell[] {
    const items = Array.isArray(this.#grid.items) ? this.#grid.items : [];
    if (items.length === 0) this.#problems.invalid(within(this.#place, 'items'), 'it has no items');
    return items.flatMap((item: unknown, index): RawCell[] => {
      const place = { ...this.#place, path: `${this.#place.path}.items[${index}]` };
      const own = isObject(item) ? canonical(item, 'multipletextitem') : { name: item };
      if (typeof own.name !== 'string' || own.name === '') {
        this.#problems.invalid(place, 'an item needs a name');
        return [];
      }
      const raw = { ...own, type: 'text', title: own.title ?? own.name };
      return [
        {
          raw: withDefault(raw, defaultAt(this.#grid.defaultValue, own.name)),
          place,
          cell: { name: `${this.#cell.name}.${own.name}`, target: [...this.#cell.target, own.name] },
        },
      ];
    });
  }

  /** The totals of columns, which SurveyJS has in its data beside the grid. */
  totals(): RawCell[] {
    const listed = Array.isArray(this.#grid.columns) ? this.#grid.columns : [];
    return listed.flatMap((given: unknown, at): RawCell[] => {
      if (!isObject(given) || typeof given.name !== 'string') return [];
      const { name, totalType = 'none', totalExpression } = given;
      const own = typeof totalExpression === 'string' && totalExpression !== '';
      if (!own && (typeof totalType !== 'string' || totalType === 'none')) return [];
      const total = beside(this.#cell, '-total');
      const raw = {
        type: 'expression',
        isTotal: true,
        name: `${total.name}.${name}`,
        expression: own
          ? bound({ expression: totalExpression }, { totalRow: pathOf(total), row: pathOf(total) }).expression
          : `${totalType as string}InArray({${pathOf(this.#cell)}}, ${expressionLiteral(name)})`,
      };
      return [
        {
          raw,
          place: { ...this.#place, path: `${this.#place.path}.columns[${at}]` },
          cell: { name: `${total.name}.${name}`, target: [...total.target, name] },
        },
      ];
    });
  }
}

function defaultAt(all: unknown, key: string | number): unknown {
  if (Array.isArray(all)) return typeof key === 'number' ? (all[key] as unknown) : undefined;
  return isObject(all) && Object.hasOwn(all, key) ? all[key] : undefined;
}

function textOf(title: unknown): string {
  return typeof title === 'string' ? title : '';
}
