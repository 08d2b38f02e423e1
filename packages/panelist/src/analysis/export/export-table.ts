import type { AnswerValue, Question } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';

export type ExportFormat = 'csv' | 'jsonl' | 'parquet';

/** `wide`: one row per interview. `long`: one row per answer. `calls`: one row per request to the model. */
export type ExportShape = 'wide' | 'long' | 'calls';

/** The value of a cell. A list stays a list in formats that have lists. */
export type Cell = AnswerValue | null;

/** `texts` and `numbers` are lists. */
export type ColumnType = 'text' | 'number' | 'integer' | 'boolean' | 'texts' | 'numbers';

export interface ExportColumn {
  /** Unique in its table. */
  readonly name: string;
  readonly type: ColumnType;
  /** For the codebook; empty if `question` is description enough. */
  readonly description: string;
  /** The question whose values are in the column; `null` for other columns. */
  readonly question: Question | null;
}

/** The columns of an export, and the function that turns an interview into rows. The same results give the same rows. */
export interface ExportTable {
  readonly columns: readonly ExportColumn[];
  rowsOf(result: SurveyResult): readonly (readonly Cell[])[];
}

/** A column and the source of its cells. */
export interface Field<Row> extends Omit<ExportColumn, 'question'> {
  readonly question?: Question | undefined;
  read(row: Row): Cell;
}

/** Makes a table of fields. If two names are equal, the later one gets ` (2)`. */
export function tableOf<Row>(
  fields: readonly Field<Row>[],
  rowsOf: (result: SurveyResult) => readonly Row[],
): ExportTable {
  const names = unique(fields.map(({ name }) => name.toWellFormed()));
  return {
    columns: fields.map(({ type, description, question = null }, place) => {
      return { name: names[place] as string, type, description, question };
    }),
    rowsOf: (result) => rowsOf(result).map((row) => fields.map(({ read }) => read(row))),
  };
}

function unique(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((wanted) => {
    let name = wanted;
    for (let count = 2; taken.has(name); count++) name = `${wanted} (${count})`;
    taken.add(name);
    return name;
  });
}

/** Joins several values by `; `; a `;` or `\` inside a value is written `\;` or `\\`. */
export function joined(values: readonly unknown[]): string {
  return values.map((value) => String(value).replace(/[\\;]/g, '\\$&')).join('; ');
}
