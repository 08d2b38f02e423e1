import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { AnswerValue } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { type Cell, type ColumnType, type ExportTable, joined } from './export-table.ts';

export interface ParquetOptions {
  /** Key-value metadata of the file, in addition to `synthetic` = `true`. @default none */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** Approximate size of a row group. Only one is in memory at a time. */
const cellsPerGroup = 100_000;
/** Each row group repeats the description of every column, so a wide table needs few of them. */
const minRowsPerGroup = 500;

/** Parquet types of single values. Numbers are doubles: every reader supports them, and they are exact for integers up to 2^53. */
const primitive: Readonly<Record<'text' | 'number' | 'integer' | 'boolean', Partial<SchemaElement>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  number: { type: 'DOUBLE' },
  integer: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
};

/**
 * Writes a table as Apache Parquet, in parts: typed columns, all nullable; several values as a LIST; snappy. The same
 * rows give the same bytes. One row group is in memory: 100,000 cells, or 500 rows if that is more.
 */
export async function* parquetParts(
  table: ExportTable,
  results: AsyncIterable<SurveyResult>,
  { metadata = {} }: ParquetOptions = {},
): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaOf(table),
    kvMetadata: Object.entries({ synthetic: 'true', ...metadata }).map(([key, value]) => ({
      key,
      value: value.toWellFormed(),
    })),
    createdBy: 'panelist',
  });
  const { columns } = table;
  const rowsPerGroup = Math.max(minRowsPerGroup, Math.floor(cellsPerGroup / columns.length));
  const encodeGroup = (rows: readonly (readonly Cell[])[]): Uint8Array => {
    const columnData = columns.map(({ name, type }, place): ColumnSource => {
      return { name, data: rows.map((row) => parquetValue(row[place] ?? null, type)), offsetIndex: false };
    });
    writer.write({ columnData, rowGroupSize: rows.length });
    return taken(bytes);
  };
  let rows: (readonly Cell[])[] = [];
  for await (const result of results) {
    for (const row of table.rowsOf(result)) rows.push(row);
    if (rows.length >= rowsPerGroup) {
      yield encodeGroup(rows);
      rows = [];
    }
  }
  if (rows.length > 0) yield encodeGroup(rows);
  writer.finish();
  yield taken(bytes);
}

/** Takes the bytes written since the last call. `offset`, which the file's metadata uses, continues. */
function taken(bytes: ByteWriter): Uint8Array {
  const part = bytes.getBytes().slice();
  bytes.index = 0;
  return part;
}

function schemaOf({ columns }: ExportTable): SchemaElement[] {
  return [
    { name: 'root', num_children: columns.length },
    ...columns.flatMap(({ name, type }): SchemaElement[] => {
      const repetition_type = 'OPTIONAL';
      if (type !== 'texts' && type !== 'numbers') return [{ name, repetition_type, ...primitive[type] }];
      const element = primitive[type === 'texts' ? 'text' : 'number'];
      return [
        {
          name,
          repetition_type,
          converted_type: 'LIST',
          logical_type: { type: 'LIST' },
          num_children: 1,
        },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', repetition_type, ...element },
      ];
    }),
  ];
}

/** @throws TypeError if the value does not fit the column's type, which was derived from all values in the scan */
function parquetValue(cell: Cell, type: ColumnType): unknown {
  if (cell === null) return null;
  switch (type) {
    case 'text':
      return typeof cell === 'object' ? joined(cell) : String(cell);
    case 'texts':
      return listOf(cell).map(String);
    case 'numbers':
      return listOf(cell).map((value) => fitting(value, 'number'));
    case 'integer':
      return BigInt(Math.round(fitting(cell, 'number') as number));
    case 'number':
    case 'boolean':
      return fitting(cell, type);
  }
}

function listOf(cell: AnswerValue): readonly AnswerValue[] {
  return typeof cell === 'object' ? cell : [cell];
}

function fitting(value: AnswerValue, type: 'number' | 'boolean'): AnswerValue {
  if (typeof value === type) return value;
  throw new TypeError(
    `${JSON.stringify(value)} is not of type ${type}: the results changed while they were written.`,
  );
}
