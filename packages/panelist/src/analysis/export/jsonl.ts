import type { SurveyResult } from '../../survey/survey-results.ts';
import { printable } from '../../text/printable.ts';
import type { ExportTable } from './export-table.ts';

/** One line of JSON Lines. Control and direction characters are escaped, so that a line shows what it holds. */
export function jsonLine(object: object): string {
  return `${printable(JSON.stringify(object))}\n`;
}

/** Lines written at once. */
const linesPerPart = 100;

/**
 * One JSON object a line and interview, in parts: `respondentId`, `replicate`, `weight`, `persona`, `synthetic: true`,
 * and all of the interview: every answer with its status, value, raw text, repairs and problem; models, parameters,
 * and of each call its prompt hash and tokens. What differs between two runs that gave the same answers (attempts and
 * times) is left to the `calls` export. UTF-8 without a BOM. Memory does not grow with the number of results.
 */
export async function* interviewJsonlParts(results: AsyncIterable<SurveyResult>): AsyncGenerator<string> {
  yield* jsonlParts(results, ({ respondent, replicate, weight, interview }) => {
    const { respondentId, calls, answers, computed, askedOrder, requestedModel, parameters } = interview;
    const repeatable = calls.map(({ attempts: _, elapsedMs: __, ...call }) => call);
    const { persona } = respondent;
    // One by one: a row may hold more, such as a `synthetic` of its own.
    const said = { answers, computed, askedOrder, requestedModel, parameters, calls: repeatable };
    return [{ respondentId, replicate, weight, persona, synthetic: true, ...said }];
  });
}

/** A table as JSON Lines, in parts: one object a row, columns as keys, lists as lists. */
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
