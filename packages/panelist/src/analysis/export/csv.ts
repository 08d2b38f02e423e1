import { stringify } from 'csv-stringify/sync';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { printable } from '../../text/printable.ts';
import { type Cell, type ExportTable, joined } from './export-table.ts';
import { inertText } from './spreadsheet-cell.ts';

export interface CsvOptions {
  /** Begins the file with a byte order mark, without which Excel garbles anything but English. @default true */
  readonly bom?: boolean | undefined;
}

/** Rows written at once. */
const rowsPerPart = 100;

/**
 * A table as CSV, in parts. Several values stand in one cell, joined by `; `; a `;` or `\` within one is written `\;`
 * and `\\`. What a spreadsheet would run as a formula gets a `'` before it (`inertText`); control and direction
 * characters are shown as `\u202e`, and line breaks in a cell are line feeds. UTF-8, CRLF, quotes as in RFC 4180. Memory
 * does not grow with the number of results.
 */
export async function* csvParts(
  table: ExportTable,
  results: AsyncIterable<SurveyResult>,
  { bom = true }: CsvOptions = {},
): AsyncGenerator<string> {
  yield csvText([table.columns.map(({ name }) => name)], { bom });
  let rows: (readonly Cell[])[] = [];
  for await (const result of results) {
    for (const row of table.rowsOf(result)) rows.push(row);
    if (rows.length >= rowsPerPart) {
      yield csvText(rows, { bom: false });
      rows = [];
    }
  }
  if (rows.length > 0) yield csvText(rows, { bom: false });
}

/** Rows as they stand in the file, headings included. A number stays a number; everything else is text. */
export function csvText(rows: readonly (readonly Cell[])[], { bom = true }: CsvOptions = {}): string {
  const cells = rows.map((row) => row.map(csvCell));
  const text = stringify(cells, { record_delimiter: 'windows', quote_record_delimiter: true });
  return (bom ? '\ufeff' : '') + text;
}

function csvCell(cell: Cell): string | number {
  if (cell === null) return '';
  if (typeof cell === 'number') return cell;
  const text = typeof cell === 'object' ? joined(cell) : String(cell);
  return printable(inertText(text.replace(/\r\n?/g, '\n')));
}
