import { stringify } from 'csv-stringify/sync';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { printable } from '../../text/printable.ts';
import { type Cell, type ExportTable, joined } from './export-table.ts';
import { inertText } from './spreadsheet-cell.ts';

export interface CsvOptions {
  /** Begins the file with a byte order mark, without which Excel garbles non-ASCII texts. @default true */
  readonly bom?: boolean | undefined;
}

/** Rows per part. */
const rowsPerPart = 100;

/**
 * Writes a table as CSV, in parts. Several values in one cell are joined by `; `; a `;` or `\` inside a value is written
 * `\;` or `\\`. A text that a spreadsheet would run as a formula gets a leading `'` (`inertText`). Control and direction
 * characters are escaped, like `\u202e`; line breaks in a cell are line feeds. UTF-8, CRLF, quotes as in RFC 4180.
 * Memory does not grow with the number of results.
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

/** Formats rows, including the headings. A number stays a number; everything else is text. */
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
