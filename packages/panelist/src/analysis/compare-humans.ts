import { kindOf } from '../survey/question-kinds/index.ts';
import type { Option, Question } from '../survey/questionnaire.ts';
import { type AnswerColumn, UNLISTED } from './answer-column.ts';
import type { AnswerTable } from './answer-table.ts';
import type { HumanAnswers } from './human-answers.ts';
import { RespondentMeans } from './respondent-means.ts';
import { type ChiSquareTest, chiSquareTest } from './statistics/chi-square.ts';
import { type Adjusted, adjustTogether } from './statistics/holm.ts';
import {
  type Interval,
  type MeanDifference,
  shareDifferenceInterval,
  welchDifference,
} from './statistics/intervals.ts';
import {
  type KolmogorovSmirnovTest,
  kolmogorovSmirnovTest,
  type WeightedPoints,
} from './statistics/kolmogorov-smirnov.ts';
import { type TotalVariation, totalVariation } from './statistics/total-variation.ts';
import { type QuestionTable, tabulateTable } from './tabulate.ts';

/** What the intervals of a comparison cover. They do not cover how well synthetic answers represent people outside the sample. */
export const COMPARISON_INTERVAL_LABEL = "model sampling error and the human sample's sampling error only";

/** One option's share among the synthetic respondents minus that among people. */
export interface OptionDifference {
  readonly option: Option;
  readonly difference: number;
  /** 95 %, by Newcombe's method; `null` where a side has no answers. */
  readonly interval: Interval | null;
  /** For multiple choices: whether the option is chosen as often. Otherwise `null`. */
  readonly test: Adjusted<HomogeneityTest> | null;
}

/** Rao and Scott's test of two samples; each counts by Kish's effective size. */
export type HomogeneityTest = Omit<ChiSquareTest, 'expected' | 'cramersV'>;

export interface QuestionComparison {
  readonly question: Question;
  readonly column: string;
  readonly synthetic: QuestionTable;
  /** Here `statuses.invalid` counts values that match no answer, and `skipped` counts empty cells. */
  readonly human: QuestionTable;
  readonly unmatched: readonly (readonly [value: string, count: number])[];
  /** For single choices and first ranks; `null` for other questions, and if either side has no answers. */
  readonly totalVariation: Adjusted<TotalVariation> | null;
  /** `null` as for `totalVariation`. */
  readonly chiSquare: Adjusted<HomogeneityTest> | null;
  /** In the questionnaire's order; `null` for questions without options. */
  readonly options: readonly OptionDifference[] | null;
  /** For numbers and ordered scales; `null` for others. */
  readonly kolmogorovSmirnov: Adjusted<KolmogorovSmirnovTest> | null;
  /** Synthetic minus human, for numbers and numeric scales, by Welch's method. */
  readonly meanDifference: MeanDifference | null;
  /** Standard deviation of synthetic answers divided by that of people; models vary too little. `null` without numbers. */
  readonly sdRatio: number | null;
}

/** A question without answers in the file, or whose answers cannot be compared. */
export interface NotCompared {
  readonly question: string;
  readonly reason: 'no column' | 'free text';
}

export interface HumanComparison {
  readonly synthetic: true;
  readonly intervals: { readonly label: typeof COMPARISON_INTERVAL_LABEL; readonly level: number };
  readonly syntheticRespondents: number;
  readonly humanRows: number;
  readonly humanRowsWithoutWeight: number;
  /** Whether respondents have different weights, on either side. */
  readonly isWeighted: { readonly synthetic: boolean; readonly human: boolean };
  readonly questions: readonly QuestionComparison[];
  /** Number of tests in `questions`; each one's `adjustedP` is adjusted for all of them by Holm's method. */
  readonly tests: number;
  /** Columns of the file that were not used: neither as a question nor as id, weight or group. */
  readonly unusedColumns: readonly string[];
  /** Questions that were left out, and why. */
  readonly notCompared: readonly NotCompared[];
}

/**
 * Compares synthetic answers with people's, question by question. Both sides' weights are used.
 *
 * @param seed of the bootstrap
 */
export function compareWithHumans(
  synthetic: AnswerTable,
  humans: HumanAnswers,
  seed: number,
): HumanComparison {
  const ofModel = tabulateTable(synthetic).questions;
  const ofPeople = tabulateTable(humans.table).questions;
  const questions: (Omit<QuestionComparison, keyof Tests> & Tests)[] = [];
  const notCompared: NotCompared[] = [];
  for (const [place, column] of synthetic.columns.entries()) {
    const { question } = column;
    const heading = humans.columns.get(question.name);
    if (heading === undefined) notCompared.push({ question: question.name, reason: 'no column' });
    else if (kindOf(question).answerForm === 'text')
      notCompared.push({ question: question.name, reason: 'free text' });
    else {
      const a = ofModel[place] as QuestionTable;
      const b = ofPeople[place] as QuestionTable;
      const unmatched = humans.unmatched.get(question.name) ?? [];
      const columns = { synthetic: column, human: humans.table.columns[place] as AnswerColumn };
      questions.push({
        question,
        column: heading,
        synthetic: a,
        human: b,
        unmatched,
        ...tests({ synthetic, human: humans.table }, columns, a, b, seed),
      });
    }
  }
  return {
    synthetic: true,
    intervals: { label: COMPARISON_INTERVAL_LABEL, level: 0.95 },
    syntheticRespondents: synthetic.respondents,
    humanRows: humans.rows,
    humanRowsWithoutWeight: humans.rowsWithoutWeight,
    isWeighted: { synthetic: synthetic.isWeighted, human: humans.table.isWeighted },
    ...adjusted(questions),
    unusedColumns: humans.unusedColumns,
    notCompared,
  };
}

/** Adjusts all tests of all questions together. */
function adjusted(
  questions: readonly (Omit<QuestionComparison, keyof Tests> & Tests)[],
): Pick<HumanComparison, 'questions' | 'tests'> {
  const all = questions
    .flatMap(({ totalVariation, kolmogorovSmirnov, chiSquare, options }) => [
      ...[totalVariation, kolmogorovSmirnov, chiSquare],
      ...(options ?? []).map(({ test }) => test),
    ])
    .map((test) => test && { p: test.p });
  const ps = adjustTogether(all).values();
  const next = <Test extends { p: number }>(test: Test | null): Adjusted<Test> | null => {
    const adjustedP = ps.next().value?.adjustedP;
    return test && adjustedP !== undefined ? { ...test, adjustedP } : null;
  };
  return {
    // In the order of the tests above.
    questions: questions.map((question) => ({
      ...question,
      totalVariation: next(question.totalVariation),
      kolmogorovSmirnov: next(question.kolmogorovSmirnov),
      chiSquare: next(question.chiSquare),
      options: question.options?.map((option) => ({ ...option, test: next(option.test) })) ?? null,
    })),
    tests: all.filter((test) => test !== null).length,
  };
}

interface Tests extends Pick<QuestionComparison, 'meanDifference' | 'sdRatio'> {
  readonly totalVariation: TotalVariation | null;
  readonly chiSquare: HomogeneityTest | null;
  readonly kolmogorovSmirnov: KolmogorovSmirnovTest | null;
  readonly options:
    | readonly (Omit<OptionDifference, 'test'> & { readonly test: HomogeneityTest | null })[]
    | null;
}

function tests(
  tables: { synthetic: AnswerTable; human: AnswerTable },
  columns: { synthetic: AnswerColumn; human: AnswerColumn },
  a: QuestionTable,
  b: QuestionTable,
  seed: number,
): Tests {
  const sharesA = kindOf(a.question).answerForm === 'options' ? null : distribution(a);
  const sharesB = kindOf(a.question).answerForm === 'options' ? null : distribution(b);
  const sizes = { nA: a.effectiveN, nB: b.effectiveN, seed };
  const sampleA = a.numbers?.standardError != null ? sample(a) : null;
  const sampleB = b.numbers?.standardError != null ? sample(b) : null;
  const sds = [a.numbers?.sd ?? null, b.numbers?.sd ?? null] as const;
  return {
    totalVariation: sharesA && sharesB && totalVariation(sharesA, sharesB, sizes),
    chiSquare: sharesA && sharesB && homogeneity(tables, columns, null),
    options: optionDifferences(tables, columns, a, b),
    kolmogorovSmirnov: smirnov(a, b, columns),
    meanDifference: sampleA && sampleB && welchDifference(sampleA, sampleB),
    sdRatio: sds[0] !== null && sds[1] !== null && sds[1] > 0 ? sds[0] / sds[1] : null,
  };
}

function optionDifferences(
  tables: { synthetic: AnswerTable; human: AnswerTable },
  columns: { synthetic: AnswerColumn; human: AnswerColumn },
  a: QuestionTable,
  b: QuestionTable,
): Tests['options'] {
  const isTested = columns.synthetic.answerForm === 'options';
  return (
    a.options?.map((ofModel, code) => {
      const ofPeople = b.options?.[code] ?? { share: 0, interval: null };
      return {
        option: ofModel.option,
        difference: ofModel.share - ofPeople.share,
        interval: shareDifferenceInterval(ofModel, ofPeople),
        test: isTested ? homogeneity(tables, columns, code) : null,
      };
    }) ?? null
  );
}

/** Shares that add up to 1, over the listed options. */
function distribution({ options }: QuestionTable): number[] | null {
  const sum = options?.reduce((total, { share }) => total + share, 0) ?? 0;
  return options && sum > 0 ? options.map(({ share }) => share / sum) : null;
}

function sample({ numbers, effectiveN }: QuestionTable): { mean: number; standardError: number; n: number } {
  return {
    mean: numbers?.mean ?? 0,
    standardError: numbers?.standardError ?? 0,
    n: Math.min(numbers?.n ?? 0, effectiveN),
  };
}

function smirnov(
  a: QuestionTable,
  b: QuestionTable,
  { synthetic, human }: { synthetic: AnswerColumn; human: AnswerColumn },
): KolmogorovSmirnovTest | null {
  const pointsA = orderedPoints(a, synthetic);
  const pointsB = orderedPoints(b, human);
  return pointsA && pointsB && kolmogorovSmirnovTest(pointsA, pointsB, a.effectiveN, b.effectiveN);
}

/** Numbers, and the scores of scales. */
function orderedPoints({ numbers }: QuestionTable, { isNumeric }: AnswerColumn): WeightedPoints | null {
  return isNumeric ? (numbers?.values?.map(([value, , share]) => [value, share] as const) ?? null) : null;
}

/** Both sides in one table, with different respondents. @param code an option, chosen or not; `null`: all options */
function homogeneity(
  tables: { synthetic: AnswerTable; human: AnswerTable },
  columns: { synthetic: AnswerColumn; human: AnswerColumn },
  code: number | null,
): HomogeneityTest | null {
  const sides = (['synthetic', 'human'] as const).map((side, place) => {
    const column = columns[side];
    const rowOf = (interview: number): number =>
      code === null ? (column.chosen(interview)[0] ?? UNLISTED) : column.isChosen(interview, code) ? 0 : 1;
    const means = new RespondentMeans(
      tables[side],
      (interview) => column.hasValue(interview) && rowOf(interview) !== UNLISTED,
    );
    const answers = means.answersIn((interview) => 2 * rowOf(interview) + place);
    return { ...answers, scale: means.effectiveN / means.totalWeight };
  });
  const first = tables.synthetic.respondents;
  const test = chiSquareTest({
    rows: code === null ? (columns.synthetic.options?.length ?? 0) : 2,
    columns: 2,
    cells: sides.flatMap(({ cells }) => Array.from(cells)),
    weights: sides.flatMap(({ weights, scale }) => Array.from(weights, (weight) => weight * scale)),
    respondents: sides.flatMap(({ respondents }, place) =>
      Array.from(respondents, (number) => number + place * first),
    ),
  });
  if (test === null) return null;
  const { expected: _, cramersV: __, ...rest } = test;
  return rest;
}
