import { type Questionnaire, questionsOf } from '../../survey/questionnaire.ts';
import type { SurveyResult } from '../../survey/survey-results.ts';
import { declaredType, widened } from './column-types.ts';
import type { ColumnType } from './export-table.ts';
import { FactCounter, type SurveyFacts } from './survey-facts.ts';

/** Facts about all results that are needed before the first row can be written. */
export interface SurveyScan {
  /** All persona columns in the order of their first occurrence; respondents of a JSONL file can have different ones. */
  readonly personaColumns: readonly string[];
  /** Computed values that are exported, in the questionnaire's order. */
  readonly computedNames: readonly string[];
  readonly facts: SurveyFacts;
  /** The type that fits all values of a question or computed value. */
  typeOf(name: string): ColumnType;
}

/** Reads the results once. Keeps no interview; memory grows by a few bytes per respondent. */
export async function scanSurvey(
  questionnaire: Questionnaire,
  results: Iterable<SurveyResult> | AsyncIterable<SurveyResult>,
): Promise<SurveyScan> {
  const scanner = new SurveyScanner(questionnaire);
  for await (const result of results) scanner.add(result);
  return scanner.scan();
}

/** Scans a survey's results one at a time. */
export class SurveyScanner {
  readonly #persona = new Set<string>();
  readonly #computed: Set<string>;
  readonly #types: Map<string, ColumnType | null>;
  readonly #counter = new FactCounter();

  constructor(questionnaire: Questionnaire) {
    const { computed } = questionnaire;
    this.#computed = new Set(computed.flatMap(({ name, isResult }) => (isResult ? [name] : [])));
    this.#types = new Map(questionsOf(questionnaire).map((each) => [each.name, declaredType(each)]));
  }

  add(result: SurveyResult): void {
    const { respondent, interview } = result;
    this.#counter.add(result);
    for (const column of Object.keys(respondent.persona)) this.#persona.add(column);
    for (const { question, value } of interview.answers) if (value !== null) this.#widen(question, value);
    for (const [name, value] of Object.entries(interview.computed)) {
      this.#computed.add(name);
      this.#widen(name, value);
    }
  }

  scan(): SurveyScan {
    const types = new Map(this.#types);
    return {
      personaColumns: [...this.#persona],
      computedNames: [...this.#computed],
      facts: this.#counter.facts(),
      typeOf: (name) => types.get(name) ?? 'text',
    };
  }

  #widen(name: string, value: Parameters<typeof widened>[1]): void {
    this.#types.set(name, widened(this.#types.get(name) ?? null, value));
  }
}
