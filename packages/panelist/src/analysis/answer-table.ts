import { type Questionnaire, questionsOf } from '../survey/questionnaire.ts';
import type { SurveyResult } from '../survey/survey-results.ts';
import { AnswerColumn } from './answer-column.ts';
import { decimals, type GrowingArray, integers } from './growing-array.ts';

export type SurveyResults = Iterable<SurveyResult> | AsyncIterable<SurveyResult>;

/** A persona column: which of its values each respondent has. */
export interface PersonaColumn {
  readonly name: string;
  /** Every value, in the order of its first occurrence. */
  readonly values: readonly string[];
  /** By respondent, a place among `values`; −1 for none. */
  readonly codes: GrowingArray<Int32Array>;
}

/** What analysis reads: the answers of a survey in compact columns, some ten bytes an answer. */
export interface AnswerTable {
  readonly questionnaire: Questionnaire;
  readonly interviews: number;
  readonly respondents: number;
  /** The largest number of interviews of one respondent. */
  readonly replicates: number;
  /** By interview, whose it is: a respondent's replicates share one number. */
  readonly respondentOf: GrowingArray<Int32Array>;
  /** By respondent. */
  readonly weights: GrowingArray<Float64Array>;
  readonly isWeighted: boolean;
  /** In the questionnaire's order. */
  readonly columns: readonly AnswerColumn[];
  /** Those asked for. */
  readonly persona: readonly PersonaColumn[];
  /** The persona's columns that occur. */
  readonly personaColumns: readonly string[];
}

/**
 * Reads results once, keeping none of the interviews. A weight that is missing or no positive number counts as 1.
 *
 * @param personaColumns which of the persona's columns to keep
 */
export async function readAnswerTable(
  questionnaire: Questionnaire,
  results: SurveyResults,
  personaColumns: readonly string[] = [],
): Promise<AnswerTable> {
  const columns = questionsOf(questionnaire).map((question) => new AnswerColumn(question));
  const respondentOf = integers();
  const weights = decimals();
  const respondents = new Map<string, number>();
  const interviewsOf = integers();
  const persona = personaColumns.map((name) => ({
    name,
    values: new Map<string, number>(),
    codes: integers(),
  }));
  const occurring = new Set<string>();
  let isWeighted = false;
  let replicates = 0;
  for await (const { respondent, interview, weight } of results) {
    let place = respondents.get(respondent.id);
    if (place === undefined) {
      place = respondents.size;
      respondents.set(respondent.id, place);
      weights.push(weight > 0 && Number.isFinite(weight) ? weight : 1);
      interviewsOf.push(0);
      isWeighted ||= weights.at(place) !== weights.at(0);
      for (const name of Object.keys(respondent.persona)) occurring.add(name);
      for (const column of persona) column.codes.push(codeOf(column.values, respondent.persona, column.name));
    }
    respondentOf.push(place);
    interviewsOf.set(place, interviewsOf.at(place) + 1);
    replicates = Math.max(replicates, interviewsOf.at(place));
    const answers = new Map(interview.answers.map((answer) => [answer.question, answer]));
    for (const column of columns) column.push(respondent.id, answers.get(column.question.name));
  }
  return {
    questionnaire,
    interviews: respondentOf.length,
    respondents: respondents.size,
    replicates,
    respondentOf,
    weights,
    isWeighted,
    columns,
    persona: persona.map(({ name, values, codes }) => ({ name, values: [...values.keys()], codes })),
    personaColumns: [...occurring],
  };
}

function codeOf(
  values: Map<string, number>,
  persona: Readonly<Record<string, string>>,
  name: string,
): number {
  const text = Object.hasOwn(persona, name) ? (persona[name] as string) : '';
  if (text === '') return -1;
  const code = values.get(text) ?? values.size;
  values.set(text, code);
  return code;
}
