import { type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { declaredType, widened } from './column-types.ts';
import type { ColumnType } from './export-table.ts';
import { FactCounter, type SurveyFacts } from './survey-facts.ts';

/** What has to be known of all results before the first row can be written. */
export interface SurveyScan {
  /** Every persona column that occurs, in the order of its first occurrence: respondents of a JSONL file may differ. */
  readonly personaColumns: readonly string[];
  /** Computed values that are results, in the questionnaire's order. */
  readonly computedNames: readonly string[];
  readonly facts: SurveyFacts;
  /** A type that holds every value of a question or computed value. */
  typeOf(name: string): ColumnType;
}

/** Reads the results once; memory grows with the number of respondents by a few bytes each, and keeps no interview. */
export async function scanSurvey(
  questionnaire: Questionnaire,
  results: Iterable<SurveyResult> | AsyncIterable<SurveyResult>,
): Promise<SurveyScan> {
  const persona = new Set<string>();
  const computed = new Set(questionnaire.computed.flatMap(({ name, isResult }) => (isResult ? [name] : [])));
  const types = new Map<string, ColumnType | null>(
    questionsOf(questionnaire).map((question) => [question.name, declaredType(question)]),
  );
  const counter = new FactCounter();
  for await (const result of results) {
    counter.add(result);
    for (const column of Object.keys(result.respondent.persona)) persona.add(column);
    for (const { question, value } of result.interview.answers) {
      if (value !== null) types.set(question, widened(types.get(question) ?? null, value));
    }
    for (const [name, value] of Object.entries(result.interview.computed)) {
      computed.add(name);
      types.set(name, widened(types.get(name) ?? null, value));
    }
  }
  return {
    personaColumns: [...persona],
    computedNames: [...computed],
    facts: counter.facts(),
    typeOf: (name) => types.get(name) ?? 'text',
  };
}
