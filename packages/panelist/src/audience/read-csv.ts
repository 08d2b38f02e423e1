import { pipeline, Readable } from 'node:stream';
import { quote } from '@panelist/toolkit';
import { CsvError, parse } from 'csv-parse';
import { PanelistError, type PanelistErrorCode } from '../panelist-error.ts';
import { type AudienceField, AudienceLineError, maxFields } from './respondent-list.ts';

/** Maximum length of a row in characters, including quotes and line breaks. */
const maxRow = 1_000_000;

/**
 * Rejects other files. Errors in a CSV quote its cells, and a mistyped path may name a confidential file.
 *
 * @param what the kind of file, for the message: `targets`
 * @throws PanelistError `code` if the name does not end in .csv
 */
export function checkCsvName(path: string, what: string, code: PanelistErrorCode): void {
  if (/\.csv$/i.test(path)) return;
  throw new PanelistError(code, `The name of the ${what} file ${quote(path)} must end in .csv.`);
}

/**
 * Reads the rows of a CSV text after its header row. Values in double quotes can contain line breaks. Blank lines are
 * skipped. Every row must have as many values as the header.
 *
 * @throws AudienceLineError
 */
export async function* readCsv(
  text: AsyncIterable<string>,
  delimiter: ',' | '\t',
): AsyncGenerator<{ fields: AudienceField[]; line: number }, void, undefined> {
  const parser = parse({
    delimiter,
    info: true,
    max_record_size: maxRow,
    record_delimiter: ['\r\n', '\n', '\r'],
    // Checked below instead, so that the error has the line and the number of columns.
    relax_column_count: true,
    skip_empty_lines: true,
  });
  // The loop below gets its error through the parser.
  pipeline(Readable.from(text), parser, () => {});
  let header: readonly string[] | null = null;
  let lastLine = 0;
  try {
    for await (const row of parser) {
      const { record, info } = row as { record: string[]; info: { lines: number } };
      const line = info.lines - record.join('').split(/\r\n|\n|\r/).length + 1;
      lastLine = info.lines;
      if (header === null) header = checkedHeader(record, line, delimiter);
      else yield { fields: fieldsOf(record, header, line), line };
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new AudienceLineError(lastLine + 1, `${explain(cause)} (in the row that begins there)`, { cause });
  }
}

function checkedHeader(header: readonly string[], line: number, delimiter: string): readonly string[] {
  if (header.length > maxFields)
    throw new AudienceLineError(line, `${header.length} columns are too many; at most ${maxFields}`);
  const names = header.map((name) => name.trim());
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) throw new AudienceLineError(line, `two columns are named ${quote(twice)}`);
  const other = [',', ';', '\t'].find((mark) => mark !== delimiter && names[0]?.includes(mark));
  if (names.length === 1 && other !== undefined) {
    throw new AudienceLineError(
      line,
      `the header is one column, ${quote(names[0])}. Separate columns by commas in .csv and by tabs in .tsv, not by ${quote(other)}`,
    );
  }
  return names;
}

function fieldsOf(record: readonly string[], header: readonly string[], line: number): AudienceField[] {
  if (record.length !== header.length)
    throw new AudienceLineError(line, `${record.length} values, but the header has ${header.length} columns`);
  return record.map((value, index) => [header[index] ?? '', value]);
}

function explain({ code, message }: CsvError): string {
  if (code === 'CSV_MAX_RECORD_SIZE')
    return `a row has more than ${maxRow} characters; is a double quote not closed?`;
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a double quote is not closed';
  // The rest of the message has a line number of another count.
  return message.split(/ at line \d+/, 1)[0] ?? message;
}
