import type { SurveyResult } from '../../survey/survey-results.ts';
import { writeAtomically } from './atomic-file.ts';

/** Lines written at once. */
const linesPerWrite = 100;

/**
 * Writes one JSON object a line and respondent: `respondentId`, `persona`, `synthetic: true`, and all of the
 * interview: every answer with its status, value, raw text, repairs and problem; models and tokens. UTF-8 without a
 * BOM. Memory does not grow with the number of respondents.
 *
 * @throws PanelistError `FILE_NOT_WRITABLE`; an error of `results` passes through. Neither leaves a partial file.
 */
export async function exportJsonl(path: string, results: AsyncIterable<SurveyResult>): Promise<void> {
  await writeAtomically(path, jsonLines(results));
}

async function* jsonLines(results: AsyncIterable<SurveyResult>): AsyncGenerator<string> {
  let lines: string[] = [];
  for await (const { respondent, interview } of results) {
    const { respondentId, ...rest } = interview;
    lines.push(
      `${JSON.stringify({ respondentId, persona: respondent.persona, synthetic: true, ...rest })}\n`,
    );
    if (lines.length === linesPerWrite) {
      yield lines.join('');
      lines = [];
    }
  }
  if (lines.length > 0) yield lines.join('');
}
