import { CompiledQuery, type Transaction } from 'kysely';
import type { RowStatement } from './row-statement.ts';

/** Beyond this, larger statements are no faster. */
const MOST_ROWS = 64;

/**
 * SQLite takes each value as a parameter. Building and compiling one for hundreds of rows takes Kysely as long as
 * it takes the database to run it; so rows go in chunks whose sizes are powers of two, and the text of each of the
 * seven is compiled once. The database, too, has only seven to prepare.
 */
export class SizedStatement<Schema, Row, Output = never> implements RowStatement<Schema, Row, Output> {
  readonly #compile: (
    transaction: Transaction<Schema>,
    blankRows: readonly Row[],
  ) => { readonly sql: string };
  readonly #parameters: (rows: readonly Row[]) => readonly unknown[];
  readonly #blank: Row;
  readonly #texts = new Map<number, string>();

  /**
   * @param compile makes the statement for that many rows; their contents do not matter.
   * @param parameters the values of the statement's parameters, in its order.
   */
  constructor(
    blank: Row,
    compile: (transaction: Transaction<Schema>, blankRows: readonly Row[]) => { readonly sql: string },
    parameters: (rows: readonly Row[]) => readonly unknown[],
  ) {
    this.#blank = blank;
    this.#compile = compile;
    this.#parameters = parameters;
  }

  async execute(transaction: Transaction<Schema>, rows: readonly Row[]): Promise<Output[]> {
    const output: Output[] = [];
    let start = 0;
    while (start < rows.length) {
      const size = Math.min(MOST_ROWS, 2 ** Math.floor(Math.log2(rows.length - start)));
      const parameters = this.#parameters(rows.slice(start, start + size));
      const query = CompiledQuery.raw(this.#text(transaction, size), [
        ...parameters,
      ]) as CompiledQuery<Output>;
      output.push(...(await transaction.executeQuery(query)).rows);
      start += size;
    }
    return output;
  }

  #text(transaction: Transaction<Schema>, size: number): string {
    const known = this.#texts.get(size);
    if (known !== undefined) return known;
    const { sql } = this.#compile(transaction, new Array<Row>(size).fill(this.#blank));
    this.#texts.set(size, sql);
    return sql;
  }
}
