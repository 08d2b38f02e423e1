import type { AnswerColumn, AnswerFilter, AnswerSelection } from '../data/answers-source.ts';
import type { BundleCell, BundleRow } from './bundle-data.ts';

export type PlacedRow = BundleRow & { readonly position: number };

/** Filters, searches and sorts as the server does. */
export function selectRows(
  rows: readonly PlacedRow[],
  columns: readonly AnswerColumn[],
  { filters, find, sort, descending }: AnswerSelection,
): readonly PlacedRow[] {
  const needle = find.toLowerCase();
  const isFound = ({ key, state, cells }: PlacedRow): boolean =>
    needle === '' ||
    [key, state, ...cells.map((cell) => cell?.t ?? '')].some((text) => text.toLowerCase().includes(needle));
  const selected = rows.filter(
    (row) => filters.every((filter) => matches(row, columns, filter)) && isFound(row),
  );
  return sort === null ? selected : selected.toSorted(order(columns, sort, descending));
}

function matches(row: PlacedRow, columns: readonly AnswerColumn[], filter: AnswerFilter): boolean {
  const { column, values, contains } = filter;
  if (column === 'answers')
    return columns.some(
      ({ kind }, place) => kind === 'question' && cellMatches(row.cells[place], columns[place], filter),
    );
  const text = column === 'state' ? row.state : column === 'key' ? row.key : undefined;
  if (text !== undefined)
    return (
      (values === undefined || values.includes(text)) &&
      (contains === undefined || text.toLowerCase().includes(contains.toLowerCase()))
    );
  const place = columns.findIndex(({ id }) => id === column);
  return cellMatches(row.cells[place], columns[place], filter);
}

function cellMatches(
  cell: BundleCell | null | undefined,
  column: AnswerColumn | undefined,
  { values, statuses, contains }: AnswerFilter,
): boolean {
  if (cell == null || column === undefined) return false;
  const given = cell.o?.map((place) => column.options?.[place]?.value ?? cell.t ?? '') ?? [cell.t ?? ''];
  const wanted: readonly string[] | undefined = statuses;
  return (
    (values === undefined || given.some((value) => values.includes(value))) &&
    (wanted === undefined || (column.kind === 'question' && wanted.includes(cell.s ?? 'answered'))) &&
    (contains === undefined || (cell.t ?? '').toLowerCase().includes(contains.toLowerCase()))
  );
}

const collator = new Intl.Collator('en', { numeric: true });
const statusOrder = [
  'answered',
  'refused',
  'dont-know',
  'withheld',
  'skipped',
  'preset',
  'invalid',
  'failed',
];

interface SortKey {
  /** 0 for values; the others are behind them in either direction. */
  readonly group: number;
  readonly number: number | null;
  readonly text: string;
}

function order(
  columns: readonly AnswerColumn[],
  sort: string,
  descending: boolean,
): (a: PlacedRow, b: PlacedRow) => number {
  const place = columns.findIndex(({ id }) => id === sort);
  const sign = descending ? -1 : 1;
  const keyOf = (row: PlacedRow): SortKey => {
    if (sort === 'key' || sort === 'state') return { group: 0, number: null, text: row[sort] };
    return cellKey(row.cells[place], columns[place]?.kind === 'question');
  };
  return (a, b) => {
    const [first, second] = [keyOf(a), keyOf(b)];
    if (first.group !== second.group) return first.group - second.group;
    if (first.number !== null && second.number !== null && first.number !== second.number)
      return sign * (first.number - second.number);
    if ((first.number === null) !== (second.number === null)) return sign * (first.number === null ? 1 : -1);
    return sign * collator.compare(first.text, second.text);
  };
}

function cellKey(cell: BundleCell | null | undefined, isQuestion: boolean): SortKey {
  const text = cell?.t ?? '';
  if (cell == null || (text === '' && !isQuestion)) return { group: 99, number: null, text: '' };
  const status = cell.s ?? 'answered';
  if (isQuestion && (text === '' || !['answered', 'preset'].includes(status)))
    return { group: 1 + statusOrder.indexOf(status), number: null, text: '' };
  const option = cell.o?.[0];
  const number =
    option !== undefined && option >= 0 ? option : /^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : null;
  return { group: 0, number, text };
}
