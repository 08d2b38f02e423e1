import type { AnswerColumn } from './answer-column.ts';
import type { AnswerTable } from './answer-table.ts';
import { intraclassCorrelation, nominalAlpha, ordinalAlpha, pairAgreement } from './statistics/agreement.ts';

/** How consistent the answers of a respondent are over several interviews. */
export interface QuestionConsistency {
  readonly question: string;
  /** Respondents with an answer in two or more of their interviews. */
  readonly n: number;
  /** The share of equal pairs among one respondent's answers, as a weighted mean over respondents: 0 to 1. */
  readonly exactAgreement: number;
  /** Krippendorff's α, of scales ordinal and else nominal; `null` for numbers, and if all answers are the same. */
  readonly alpha: number | null;
  /** ICC(1): the share of variance between respondents; `null` if answers are not numbers or all are the same. */
  readonly icc: number | null;
  /** Standard deviation of one respondent's answers; `null` if answers are not numbers. */
  readonly withinSd: number | null;
}

export interface ConsistencyReport {
  /** The largest number of interviews of one respondent. */
  readonly replicates: number;
  /** Questions that at least one respondent answered twice. Free texts are left out, since no two are ever the same. */
  readonly questions: readonly QuestionConsistency[];
}

/** `null` if nobody was interviewed twice. Several chosen options are compared as a set, rankings as a whole order. */
export function consistency(table: AnswerTable): ConsistencyReport | null {
  if (table.replicates < 2) return null;
  const questions = table.columns
    .filter(({ answerForm }) => answerForm !== 'text')
    .flatMap((column) => questionConsistency(table, column) ?? []);
  return { replicates: table.replicates, questions };
}

function questionConsistency(table: AnswerTable, column: AnswerColumn): QuestionConsistency | null {
  const codes = byRespondent(table, column, answerCodes(column));
  let n = 0;
  let sum = 0;
  let weights = 0;
  for (const [respondent, values] of codes) {
    const agreement = pairAgreement(values);
    if (agreement === null) continue;
    const weight = table.weights.at(respondent);
    n += 1;
    sum += weight * agreement;
    weights += weight;
  }
  if (n === 0) return null;
  const scores = column.isNumeric
    ? byRespondent(table, column, (interview) => column.number(interview))
    : null;
  const numbers = scores && intraclassCorrelation([...scores.values()]);
  return {
    question: column.question.name,
    n,
    exactAgreement: sum / weights,
    alpha: alphaOf(column, codes, scores),
    icc: numbers?.icc ?? null,
    withinSd: numbers?.withinSd ?? null,
  };
}

/** Of a scale, over the answers with a score. */
function alphaOf(
  { answerForm }: AnswerColumn,
  codes: ReadonlyMap<number, readonly number[]>,
  scores: ReadonlyMap<number, readonly number[]> | null,
): number | null {
  if (answerForm === 'number') return null;
  return scores === null ? nominalAlpha([...codes.values()]) : ordinalAlpha([...scores.values()]);
}

/** Gives equal codes to equal answers. */
function answerCodes(column: AnswerColumn): (interview: number) => number {
  if (column.answerForm === 'number') return (interview) => column.number(interview);
  const known = new Map<string, number>();
  return (interview) => {
    const chosen = column.chosen(interview);
    if (column.answerForm !== 'ranked-options') chosen.sort((a, b) => a - b);
    const key = chosen.join();
    const code = known.get(key) ?? known.size;
    known.set(key, code);
    return code;
  };
}

function byRespondent(
  table: AnswerTable,
  column: AnswerColumn,
  numberIn: (interview: number) => number,
): Map<number, number[]> {
  const values = new Map<number, number[]>();
  for (let interview = 0; interview < table.interviews; interview++) {
    if (!column.hasValue(interview)) continue;
    const value = numberIn(interview);
    if (Number.isNaN(value)) continue;
    const respondent = table.respondentOf.at(interview);
    const known = values.get(respondent);
    if (known) known.push(value);
    else values.set(respondent, [value]);
  }
  return values;
}
