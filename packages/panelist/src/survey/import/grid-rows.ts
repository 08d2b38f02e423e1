import { quote } from '@panelist/toolkit';
import { isScalar } from '../questionnaire.ts';
import { type Cell, entryCount, type Raw, type RawCell } from './cells.ts';
import { type ImportProblems, type Place, within } from './import-problems.ts';
import { bound } from './references.ts';
import { isObject } from './survey-node.ts';

/** Beyond what anybody would fill in. */
const maxRows = 500;

export interface GridRow {
  readonly key: string | number;
  /** As `{name.row}` or `{name[0]}` reaches it. */
  readonly reference: string;
  readonly title: unknown;
  readonly own: Raw;
  readonly place: Place;
}

/** The rows that the file lists. */
export function listedRows(grid: Raw, { name }: Cell, problems: ImportProblems, place: Place): GridRow[] {
  const listed = Array.isArray(grid.rows) ? grid.rows : [];
  if (listed.length === 0) problems.unsupported(within(place, 'rows'), 'it has no rows in the file');
  if (listed.length > maxRows)
    problems.unsupported(
      within(place, 'rows'),
      `${listed.length} rows are too many; at most ${maxRows} can be asked`,
    );
  return listed.slice(0, maxRows).flatMap((item: unknown, index): GridRow[] => {
    const own = isObject(item) ? item : {};
    const value = isObject(item) ? (item.value ?? item.text) : item;
    const at = { ...place, path: `${place.path}.rows[${index}]` };
    if (!isScalar(value) || String(value).trim() === '') {
      problems.invalid(at, `a row needs a value, not ${quote(item)}`);
      return [];
    }
    const [key = '', text] = String(value).split('|', 2);
    return [
      {
        key,
        reference: `${name}.${key}`,
        title: own.text ?? text ?? key,
        own: bound(own, {}, { item: key, rowValue: key, rowName: key }),
        place: at,
      },
    ];
  });
}

/** The rows that a respondent may add, each there if the number of rows says so, and the question for that number. */
export function openRows(
  grid: Raw,
  cell: Cell,
  problems: ImportProblems,
  place: Place,
): { readonly rows: GridRow[]; readonly question: readonly RawCell[] } {
  const preset = Array.isArray(grid.defaultValue) ? grid.defaultValue.length : 0;
  const { max, question, isThere } = entryCount(
    {
      start: grid.rowCount ?? 2,
      min: grid.minRowCount,
      max: grid.maxRowCount,
      preset,
      isOpen: grid.allowAddRows !== false && grid.allowRemoveRows !== false,
      keepsEmpty: false,
      limit: maxRows,
    },
    cell,
    grid,
    problems,
    place,
  );
  const rows = Array.from({ length: max }, (_, index): GridRow => {
    const visibleIf = isThere(index);
    const own = visibleIf === undefined ? {} : { visibleIf };
    return {
      key: index,
      reference: `${cell.name}[${index}]`,
      title: String(index + 1),
      own,
      place,
    };
  });
  return { rows, question };
}
