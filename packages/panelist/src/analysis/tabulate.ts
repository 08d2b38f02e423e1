import type { AnswerStatus } from '../survey/answer.ts';
import { answerStatuses } from '../survey/answer.ts';
import { type Measurement, measurementOf } from '../survey/measurement.ts';
import type { Option, OptionValue, Question, Questionnaire } from '../survey/questionnaire.ts';
import { type AnswerColumn, UNLISTED } from './answer-column.ts';
import { type AnswerTable, readAnswerTable, type SurveyResults } from './answer-table.ts';
import { type NumberSummary, numberSummary } from './number-summary.ts';
import { RespondentMeans } from './respondent-means.ts';
import { type ScaleBoxes, scaleBoxes } from './scale-boxes.ts';
import type { Interval } from './statistics/intervals.ts';

export interface OptionCount {
  readonly option: Option;
  /** Interviews in which the option was chosen, or ranked first. */
  readonly count: number;
  /** Weighted share of the respondents who answered: 0 to 1. In a multiple choice, shares can add up to more than 1. */
  readonly share: number;
  /** 95 % interval of the share: "model sampling error only". `null` if nobody answered. */
  readonly interval: Interval | null;
  /** For rankings, the weighted mean rank (1 is the highest) among those who ranked the option; otherwise `null`. */
  readonly meanRank: number | null;
}

export interface QuestionTable {
  readonly question: Question;
  /** Whether the answers are quantities, points of a scale or a list, and why it was judged so. */
  readonly measurement: {
    readonly level: Measurement['level'];
    readonly basis: Measurement['basis'];
    /** What each point of a scale counts in means; `null` for others. */
    readonly scores: readonly (readonly [value: OptionValue, score: number])[] | null;
  };
  /** Interviews by status of this question; adds up to the number of interviews. */
  readonly statuses: Readonly<Record<AnswerStatus, number>>;
  /** Interviews with a value: the base of `count`. Empty answers and other statuses are not included. */
  readonly answers: number;
  /** Respondents with a value in at least one of their interviews: the base of shares and means. */
  readonly n: number;
  /** Kish's effective number of those respondents; `n` if all weights are equal. */
  readonly effectiveN: number;
  /**
   * One for each option, in the questionnaire's order, without "Don't know" and "Refuse", which are statuses. `null` if
   * the question has no options.
   */
  readonly options: readonly OptionCount[] | null;
  /** For numbers and scales, of their scores; `null` for others, and if nobody answered. */
  readonly numbers: NumberSummary | null;
  /** The ends of a scale of at least five points, and the net promoter score of one from 0 to 10; `null` for others. */
  readonly boxes: ScaleBoxes | null;
  /** For text questions a few answers, the same ones for any order of interviews; empty for others. */
  readonly examples: readonly string[];
  /** Interviews in which nothing was chosen of several options; they are part of `answers`. */
  readonly noneChosen: number;
  /** Values that are not options of the question, for example those of an older questionnaire. */
  readonly unlisted: number;
}

export interface Tabulation {
  readonly title: string;
  readonly interviews: number;
  readonly respondents: number;
  /** One for each question, in the questionnaire's order. */
  readonly questions: readonly QuestionTable[];
}

/** Computes each question's distribution. The unit is the respondent; replicates are averaged. */
export async function tabulate(questionnaire: Questionnaire, results: SurveyResults): Promise<Tabulation> {
  return tabulateTable(await readAnswerTable(questionnaire, results));
}

export function tabulateTable(table: AnswerTable): Tabulation {
  const { questionnaire, interviews, respondents, columns } = table;
  const questions = columns.map((column) => questionTable(table, column));
  return { title: questionnaire.title, interviews, respondents, questions };
}

function questionTable(table: AnswerTable, column: AnswerColumn): QuestionTable {
  const statuses = Object.fromEntries(answerStatuses.map((status) => [status, 0])) as Record<
    AnswerStatus,
    number
  >;
  for (let interview = 0; interview < table.interviews; interview++) statuses[column.status(interview)] += 1;
  const means = new RespondentMeans(table, (interview) => column.hasValue(interview));
  let unlisted = 0;
  let noneChosen = 0;
  if (column.options !== null) {
    for (const interview of means.interviews) {
      if (column.chosen(interview).length === 0) noneChosen += 1;
      unlisted += column.chosen(interview).filter((code) => code === UNLISTED).length;
    }
  }
  const withNumber = column.isNumeric
    ? new RespondentMeans(table, (interview) => !Number.isNaN(column.number(interview)))
    : null;
  const { level, basis, scores } = measurementOf(column.question);
  return {
    question: column.question,
    measurement: { level, basis, scores: scores && [...scores] },
    statuses,
    answers: means.interviews.length,
    n: means.n,
    effectiveN: means.effectiveN,
    options: column.options?.map((option, code) => optionCount(table, column, means, option, code)) ?? null,
    numbers: withNumber && numberSummary(column, withNumber),
    boxes: withNumber && scaleBoxes(column, withNumber),
    examples: column.examples?.texts() ?? [],
    unlisted,
    noneChosen,
  };
}

function optionCount(
  table: AnswerTable,
  column: AnswerColumn,
  means: RespondentMeans,
  option: Option,
  code: number,
): OptionCount {
  let count = 0;
  for (const interview of means.interviews) count += column.isChosen(interview, code) ? 1 : 0;
  const share = means.share((interview) => column.isChosen(interview, code));
  const ranks =
    column.answerForm === 'ranked-options'
      ? new RespondentMeans(table, (interview) => column.rank(interview, code) > 0)
      : null;
  return {
    option,
    count,
    share: share?.value ?? 0,
    interval: share?.interval ?? null,
    meanRank: ranks?.mean((interview) => column.rank(interview, code))?.value ?? null,
  };
}
