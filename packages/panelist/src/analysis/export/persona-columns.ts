import type { SurveyResult } from '../../survey/survey-results.ts';

/** Every persona column that occurs, in the order of its first occurrence: respondents of a JSONL file may differ. */
export async function personaColumns(
  results: Iterable<SurveyResult> | AsyncIterable<SurveyResult>,
): Promise<string[]> {
  const columns = new Set<string>();
  for await (const { respondent } of results) {
    for (const column of Object.keys(respondent.persona)) columns.add(column);
  }
  return [...columns];
}
