import { type Questionnaire, questionsOf } from '../survey/questionnaire.ts';
import type { SurveyResult } from '../survey/survey-results.ts';
import { AnswerColumn } from './answer-column.ts';
import { decimals, type GrowingArray, integers } from './growing-array.ts';

export type SurveyResults = Iterable<SurveyResult> | AsyncIterable<SurveyResult>;

/** Each respondent's value of one persona column. */
export interface PersonaColumn {
  readonly name: string;
  /** Distinct values in the order of their first occurrence. */
  readonly values: readonly string[];
  /** For each respondent, an index into `values`; −1 for none. */
  readonly codes: GrowingArray<Int32Array>;
}

/** The input of all analyses: a survey's answers in compact columns, about ten bytes per answer. */
export interface AnswerTable {
  readonly questionnaire: Questionnaire;
  readonly interviews: number;
  readonly respondents: number;
  /** The largest number of interviews of one respondent. */
  readonly replicates: number;
  /** For each interview, the number of its respondent; replicates share one. */
  readonly respondentOf: GrowingArray<Int32Array>;
  /** One for each respondent. */
  readonly respondentIds: readonly string[];
  /** One for each respondent. */
  readonly weights: GrowingArray<Float64Array>;
  readonly isWeighted: boolean;
  /** One for each question, in the questionnaire's order. */
  readonly columns: readonly AnswerColumn[];
  /** The requested columns. */
  readonly persona: readonly PersonaColumn[];
  /** Names of all persona columns that occur in the results. */
  readonly personaColumns: readonly string[];
}

/**
 * Reads the results once and keeps no interview in memory.
 *
 * @param personaColumns names of the persona columns to include
 */
export async function readAnswerTable(
  questionnaire: Questionnaire,
  results: SurveyResults,
  personaColumns: readonly string[] = [],
): Promise<AnswerTable> {
  const builder = new AnswerTableBuilder(questionnaire, personaColumns);
  for await (const result of results) builder.add(result);
  return builder.table();
}

/** Builds an answer table from one result at a time. A weight that is missing or not a positive number counts as 1. */
export class AnswerTableBuilder {
  readonly #questionnaire: Questionnaire;
  readonly #columns: readonly AnswerColumn[];
  readonly #respondentOf = integers();
  readonly #weights = decimals();
  readonly #respondents = new Map<string, number>();
  readonly #interviewsOf = integers();
  readonly #persona: readonly (Omit<PersonaColumn, 'values'> & { readonly values: Map<string, number> })[];
  readonly #occurring = new Set<string>();
  #isWeighted = false;
  #replicates = 0;

  /** @param personaColumns names of the persona columns to include */
  constructor(questionnaire: Questionnaire, personaColumns: readonly string[] = []) {
    this.#questionnaire = questionnaire;
    this.#columns = questionsOf(questionnaire).map((question) => new AnswerColumn(question));
    this.#persona = personaColumns.map((name) => ({ name, values: new Map(), codes: integers() }));
  }

  add({ respondent, interview, weight }: SurveyResult): void {
    const place = this.#respondents.get(respondent.id) ?? this.#addRespondent(respondent, weight);
    this.#respondentOf.push(place);
    const interviews = this.#interviewsOf.at(place) + 1;
    this.#interviewsOf.set(place, interviews);
    this.#replicates = Math.max(this.#replicates, interviews);
    const answers = new Map(interview.answers.map((answer) => [answer.question, answer]));
    for (const column of this.#columns) column.push(respondent.id, answers.get(column.question.name));
  }

  table(): AnswerTable {
    return {
      questionnaire: this.#questionnaire,
      interviews: this.#respondentOf.length,
      respondents: this.#respondents.size,
      replicates: this.#replicates,
      respondentOf: this.#respondentOf,
      respondentIds: [...this.#respondents.keys()],
      weights: this.#weights,
      isWeighted: this.#isWeighted,
      columns: this.#columns,
      persona: this.#persona.map(({ name, values, codes }) => ({ name, values: [...values.keys()], codes })),
      personaColumns: [...this.#occurring],
    };
  }

  #addRespondent({ id, persona }: SurveyResult['respondent'], weight: number): number {
    const place = this.#respondents.size;
    this.#respondents.set(id, place);
    this.#weights.push(weight > 0 && Number.isFinite(weight) ? weight : 1);
    this.#interviewsOf.push(0);
    this.#isWeighted ||= this.#weights.at(place) !== this.#weights.at(0);
    for (const name of Object.keys(persona)) this.#occurring.add(name);
    for (const { name, values, codes } of this.#persona) codes.push(codeOf(values, persona, name));
    return place;
  }
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
