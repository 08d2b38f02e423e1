import { parse } from 'csv-parse/sync';

/** The rows of an exported CSV text, by their column headings. */
export function readCsvRows(text: string): readonly Readonly<Record<string, string>>[] {
  return parse(text, { columns: true, bom: true });
}
