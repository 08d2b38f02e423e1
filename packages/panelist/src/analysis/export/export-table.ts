import type { AnswerValue, Question } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';

export type ExportFormat = 'csv' | 'jsonl' | 'parquet';

/** `wide`: a row an interview. `long`: a row an answer. `calls`: a row a request to the model. */
export type ExportShape = 'wide' | 'long' | 'calls';

/** What a format is given to write; a list stays one where the format has lists. */
export type Cell = AnswerValue | null;

/** `texts` and `numbers` are lists. */
export type ColumnType = 'text' | 'number' | 'integer' | 'boolean' | 'texts' | 'numbers';

export interface ExportColumn {
  /** Unique in its table. */
  readonly name: string;
  readonly type: ColumnType;
  /** For the codebook; empty where `question` says it all. */
  readonly description: string;
  /** Whose values the column holds; `null` for all others. */
  readonly question: Question | null;
}

/** The columns of an export, and how an interview becomes rows of them. The same results give the same rows. */
export interface ExportTable {
  readonly columns: readonly ExportColumn[];
  rowsOf(result: SurveyResult): readonly (readonly Cell[])[];
}

/** A column with where its cells come from. */
export interface Field<Row> extends Omit<ExportColumn, 'question'> {
  readonly question?: Question | undefined;
  read(row: Row): Cell;
}

/** Where two names would be the same, the later one gets ` (2)`. */
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

/** Several values in one text, joined by `; `; a `;` or `\` within one is written `\;` and `\\`. */
export function joined(values: readonly unknown[]): string {
  return values.map((value) => String(value).replace(/[\\;]/g, '\\$&')).join('; ');
}
