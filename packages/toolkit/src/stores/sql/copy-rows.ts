import { createHash, type Hash } from 'node:crypto';
import { nextTurn } from '../../clock/turns.ts';

/** Rows in memory at once, of each side. A row may be many kilobytes. */
export const ROWS_PER_PAGE = 200;

export interface RowsToMerge<Row extends object> {
  /** The next rows of the source after `after`, by their order; none at the end. */
  source(after: number): Promise<readonly Row[]>;
  /** The target's rows from the first to the last of these numbers. */
  target(first: number, last: number): Promise<readonly Row[]>;
  /** The order of the rows. */
  numberOf(row: Row): number;
  insert(rows: readonly Row[]): Promise<void>;
  /** The target has a row that the source has not, or another one in its place. Throws where that may not be. */
  onOther(row: Row): Promise<void>;
}

/**
 * Adds to the target what it lacks of the source's rows, a page at a time, and puts each into `digest`. Returns how many the
 * source has.
 */
export async function mergeRows<Row extends object>(
  { source, target, numberOf, insert, onOther }: RowsToMerge<Row>,
  digest: RowDigest,
  onRows: (count: number) => Promise<void> = async () => {},
): Promise<number> {
  let count = 0;
  let after = -1;
  for (;;) {
    const rows = await source(after);
    // Behind the last page too: whatever the target has there, the source has not.
    const last = rows.length === 0 ? Number.MAX_SAFE_INTEGER : numberOf(rows.at(-1)!);
    const there = new Set<number>();
    const texts = new Map(rows.map((row) => [numberOf(row), rowText(row)]));
    for (let from = after + 1; ; ) {
      const found = await target(from, last);
      for (const row of found) {
        if (texts.get(numberOf(row)) === rowText(row)) there.add(numberOf(row));
        else await onOther(row);
      }
      if (found.length < ROWS_PER_PAGE) break;
      from = numberOf(found.at(-1)!) + 1;
    }
    if (rows.length === 0) return count;
    const missing = rows.filter((row) => !there.has(numberOf(row)));
    if (missing.length > 0) await insert(missing);
    for (const row of rows) digest.add(row);
    count += rows.length;
    after = last;
    await onRows(rows.length);
    await nextTurn();
  }
}

/** Puts all rows of one side into `digest`, a page at a time. Returns how many there are. */
export async function digestRows<Row extends object>(
  page: (after: number) => Promise<readonly Row[]>,
  numberOf: (row: Row) => number,
  digest: RowDigest,
): Promise<number> {
  let count = 0;
  for (let rows = await page(-1); rows.length > 0; rows = await page(numberOf(rows.at(-1)!))) {
    for (const row of rows) digest.add(row);
    count += rows.length;
    await nextTurn();
  }
  return count;
}

/** SHA-256 of rows in their order. */
export class RowDigest {
  readonly #hash: Hash = createHash('sha256');

  add(row: object): void {
    this.#hash.update(rowText(row));
    this.#hash.update('\n');
  }

  /** Hexadecimal. Nothing can be added after it. */
  end(): string {
    return this.#hash.digest('hex');
  }
}

/** A row as text: the same for two rows with the same columns. */
export function rowText(row: object): string {
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The row as `dialect` stores it: PostgreSQL's text has no NUL, and its driver writes U+FFFD in its place. */
export function asStoredBy<Row extends object>(dialect: 'sqlite' | 'postgres', row: Row): Row {
  if (dialect === 'sqlite') return row;
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{fffd}') : value,
    ]),
  ) as Row;
}

/** What a transaction throws to be rolled back, with the error that its caller is to get. */
export class RolledBack extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/** Runs a transaction that may refuse by `RolledBack`, also after it has written. */
export async function rollingBack<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof RolledBack ? error.cause : error;
  }
}
