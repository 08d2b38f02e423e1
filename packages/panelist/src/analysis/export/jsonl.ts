import type { SurveyResult } from '../../survey/survey-results.ts';
import { printable } from '../../text/printable.ts';
import type { ExportTable } from './export-table.ts';

/** One line of JSON Lines. Control and direction characters are escaped, so that they are visible. */
export function jsonLine(object: object): string {
  return `${printable(JSON.stringify(object))}\n`;
}

/** Lines per part. */
const linesPerPart = 100;

/**
 * One line per interview, in parts, each a JSON object: `respondentId`, `replicate`, `weight`, `persona`,
 * `synthetic: true`, every answer with its status, value, raw text, repairs and problem, models, parameters, and the
 * prompt hash and tokens of each call. Attempts and times can differ between two runs with the same answers, so they are
 * only in the `calls` export. UTF-8 without a BOM. Memory does not grow with the number of results.
 */
export async function* interviewJsonlParts(results: AsyncIterable<SurveyResult>): AsyncGenerator<string> {
  yield* jsonlParts(results, ({ respondent, replicate, weight, interview }) => {
    const { respondentId, calls, answers, computed, askedOrder, requestedModel, parameters } = interview;
    const repeatable = calls.map(({ attempts: _, elapsedMs: __, ...call }) => call);
    const { persona } = respondent;
    // Listed one by one, because a stored row can have more members, such as its own `synthetic`.
    const said = { answers, computed, askedOrder, requestedModel, parameters, calls: repeatable };
    return [{ respondentId, replicate, weight, persona, synthetic: true, ...said }];
  });
}

/** Writes a table as JSON Lines, in parts: one object per row, columns as keys, lists as lists. */
export async function* tableJsonlParts(
  table: ExportTable,
  results: AsyncIterable<SurveyResult>,
): AsyncGenerator<string> {
  const names = table.columns.map(({ name }) => name);
  yield* jsonlParts(results, (result) =>
    table.rowsOf(result).map((row) => Object.fromEntries(names.map((name, place) => [name, row[place]]))),
  );
}

async function* jsonlParts(
  results: AsyncIterable<SurveyResult>,
  objectsOf: (result: SurveyResult) => readonly object[],
): AsyncGenerator<string> {
  let lines: string[] = [];
  for await (const result of results) {
    for (const object of objectsOf(result)) lines.push(jsonLine(object));
    if (lines.length >= linesPerPart) {
      yield lines.join('');
      lines = [];
    }
  }
  if (lines.length > 0) yield lines.join('');
}
