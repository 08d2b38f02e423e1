import { CompiledQuery, type RawBuilder, sql, type Transaction } from 'kysely';
import type { SqlDatabase } from './sql-database.ts';

/** A statement that takes any number of rows. */
export interface RowStatement<Schema, Row, Output = never> {
  execute(transaction: Transaction<Schema>, rows: readonly Row[]): Promise<Output[]>;
}

/** Rows of one statement: their values are in memory twice while it runs. */
const MOST_ROWS = 5_000;

/**
 * PostgreSQL takes a column of values as one parameter: one statement for all rows, whose text never changes.
 *
 * @param columns the values of each parameter: a list for those that are arrays
 */
export function arrayStatement<Schema, Row, Output = never>(
  text: string,
  columns: (rows: readonly Row[]) => readonly unknown[],
): RowStatement<Schema, Row, Output> {
  return {
    async execute(transaction, rows) {
      const output: Output[] = [];
      for (let start = 0; start < rows.length; start += MOST_ROWS) {
        const parameters = columns(rows.slice(start, start + MOST_ROWS));
        const query = CompiledQuery.raw(text, [...parameters]) as CompiledQuery<Output>;
        output.push(...(await transaction.executeQuery(query)).rows);
      }
      return output;
    },
  };
}

/** Whether a column of text has one of these values; PostgreSQL gets them as one parameter. */
export function isOneOf(
  dialect: SqlDatabase['dialect'],
  column: string,
  values: readonly string[],
): RawBuilder<boolean> {
  if (dialect === 'postgres') return sql<boolean>`${sql.ref(column)} = any(${values}::text[])`;
  return sql<boolean>`${sql.ref(column)} in (${sql.join(values)})`;
}
