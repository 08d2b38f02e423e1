import type { Questionnaire } from '../survey/questionnaire.ts';
import { type AnswerTable, readAnswerTable, type SurveyResults } from './answer-table.ts';
import { type ConsistencyReport, consistency } from './consistency.ts';
import { type CrossTable, crossTables } from './cross-table.ts';
import { findGrouping, groupingColumns } from './grouping.ts';
import { type OrderEffectReport, orderEffects } from './order-effect.ts';
import { effectiveSize } from './statistics/effective-size.ts';
import { INTERVAL_LABEL, INTERVAL_LEVEL } from './statistics/intervals.ts';
import { type QuestionTable, tabulateTable } from './tabulate.ts';

export interface SurveySummary {
  /** The respondents are role play by models, not people. */
  readonly synthetic: true;
  readonly title: string;
  readonly interviews: number;
  readonly respondents: number;
  /** Kish's effective number of respondents. */
  readonly effectiveN: number;
  readonly isWeighted: boolean;
  /** The largest number of interviews of one respondent. */
  readonly replicates: number;
  /** What all intervals cover. */
  readonly intervals: { readonly label: typeof INTERVAL_LABEL; readonly level: number };
  /** One for each question, in the questionnaire's order. */
  readonly questions: readonly QuestionTable[];
  /** One for each requested grouping, in the order requested. */
  readonly crossTables: readonly { readonly by: string; readonly tables: readonly CrossTable[] }[];
  readonly orderEffects: OrderEffectReport;
  /** `null` if nobody was interviewed twice. */
  readonly consistency: ConsistencyReport | null;
}

export interface SummaryOptions {
  /**
   * Persona columns or questions for cross-tables, one or several. Numbers are grouped by bands (`age:18-29,30-44,45-`) or
   * quantiles (`age:q4`). @default none
   */
  readonly by?: string | readonly string[] | undefined;
}

/**
 * Summarises a survey's answers as data. Results are read once and not held in memory.
 *
 * @throws PanelistError `USAGE` if `by` isn't a column or question that can make groups
 */
export async function summariseSurvey(
  questionnaire: Questionnaire,
  results: SurveyResults,
  { by }: SummaryOptions = {},
): Promise<SurveySummary> {
  const columns = listOf(by).flatMap(groupingColumns);
  return summariseTable(await readAnswerTable(questionnaire, results, [...new Set(columns)]), { by });
}

/**
 * Like `summariseSurvey`, for answers that are already in a table.
 *
 * @throws PanelistError `USAGE` like `summariseSurvey`
 */
export function summariseTable(table: AnswerTable, { by }: SummaryOptions = {}): SurveySummary {
  const { title, interviews, respondents, questions } = tabulateTable(table);
  const weights = Array.from({ length: respondents }, (_, respondent) => table.weights.at(respondent));
  return {
    synthetic: true,
    title,
    interviews,
    respondents,
    effectiveN: effectiveSize(weights),
    isWeighted: table.isWeighted,
    replicates: table.replicates,
    intervals: { label: INTERVAL_LABEL, level: INTERVAL_LEVEL },
    questions,
    crossTables: listOf(by).map((each) => ({
      by: each,
      tables: crossTables(table, findGrouping(table, each)),
    })),
    orderEffects: orderEffects(table),
    consistency: consistency(table),
  };
}

function listOf(by: SummaryOptions['by']): readonly string[] {
  if (by === undefined) return [];
  return typeof by === 'string' ? [by] : [...new Set(by)];
}
