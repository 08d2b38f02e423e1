import { PanelistError } from '../../panelist-error.ts';
import { fits, nullable, number, object, optional, text } from '../../stored/shapes.ts';
import { cutAt } from '../../text/shortened.ts';
import type { ColumnOrder, SortKey } from './answer-order.ts';

const LONGEST_KEY_CHARS = 400;

/** Where a page of the grid ended: its last row, and in a sorted grid, where that is in the order. */
export interface GridCursor {
  readonly row: number;
  readonly key?: SortKey | undefined;
}

const cursorShape = object<GridCursor>({
  row: number,
  key: optional(object<SortKey>({ group: number, number: nullable(number), text })),
});

export function writeCursor({ row, key }: GridCursor): string {
  const short = key && { ...key, text: cutAt(key.text, LONGEST_KEY_CHARS) };
  return Buffer.from(JSON.stringify({ row, key: short })).toString('base64url');
}

/** @throws PanelistError `USAGE` */
export function readCursor(cursor: string): GridCursor {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (fits(cursorShape, value) && Number.isSafeInteger(value.row) && value.row >= 0) return value;
  } catch {
    // Said below.
  }
  throw new PanelistError(
    'USAGE',
    "The cursor isn't one of a page of answers: leave it out, and begin again.",
  );
}

/** The place of the first row behind the cursor, also where its own row is in another place by now, or gone. */
export function rowsAfter(rows: Int32Array, cursor: GridCursor, order: ColumnOrder | undefined): number {
  const { key } = cursor;
  const isBehind = (row: number): boolean => {
    const difference = order === undefined || key === undefined ? 0 : order.compare(order.keyOf(row), key);
    return difference > 0 || (difference === 0 && row > cursor.row);
  };
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBehind(rows[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}
