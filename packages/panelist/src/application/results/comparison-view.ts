import type { Calibration } from '../../analysis/calibration/calibrate.ts';
import type { HumanComparison, NotCompared, QuestionComparison } from '../../analysis/compare-humans.ts';
import type { Interval } from '../../analysis/statistics/intervals.ts';
import { fullTitle, type SurveyWords, surveyWords } from '../../analysis/survey-words.ts';
import type { QuestionTable } from '../../analysis/tabulate.ts';
import type { Questionnaire } from '../../survey/questionnaire.ts';
import { printable } from '../../text/printable.ts';
import { shortened } from '../../text/shortened.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';

const MOST_LISTED = 20;
const LONGEST_TEXT_CHARS = 300;

/** One side of an option: of those who answered, how many chose it. */
export interface ShareView {
  readonly count: number;
  /** 0 to 1, weighted. */
  readonly share: number;
  readonly interval: Interval | null;
}

export interface SideView {
  /** Respondents who answered. */
  readonly n: number;
  readonly effectiveN: number;
  readonly mean: number | null;
  readonly sd: number | null;
}

/** A difference with its interval of 95 %. */
export interface EffectView {
  readonly value: number;
  readonly interval: Interval | null;
}

export interface QuestionDifference {
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  readonly first: SideView;
  readonly second: SideView;
  /**
   * How far apart the two sides are, to order questions by: of choices the total variation, of several options the largest
   * difference of a share, of numbers Kolmogorov and Smirnov's D. 0 to 1; `null` where a side has no answers.
   */
  readonly effect: number | null;
  /** The smallest p of the question's tests, adjusted for all tests of the comparison by Holm's method. */
  readonly adjustedP: number | null;
  readonly totalVariation: (EffectView & { readonly byChance: number; readonly adjustedP: number }) | null;
  readonly chiSquare: { readonly f: number; readonly adjustedP: number; readonly lowExpected: number } | null;
  readonly kolmogorovSmirnov: {
    readonly d: number;
    readonly adjustedP: number;
    readonly isConservative: boolean;
  } | null;
  /** The first mean minus the second. */
  readonly meanDifference: EffectView | null;
  /** The first standard deviation divided by the second. */
  readonly sdRatio: number | null;
  readonly options:
    | readonly {
        readonly value: string;
        readonly text: string;
        readonly first: ShareView;
        readonly second: ShareView;
        /** The first share minus the second. */
        readonly difference: EffectView;
        readonly adjustedP: number | null;
      }[]
    | null;
  /** Values of the second side that match no option, the most frequent first, at most 20. */
  readonly unmatched: readonly { readonly value: string; readonly count: number }[];
}

/** A comparison as front ends show it: figures and titles, without the questions' definitions. */
export interface ComparisonView {
  readonly title: string;
  readonly respondents: { readonly first: number; readonly second: number };
  /** Rows of people that were left out because their weight is 0. */
  readonly leftOut: number;
  readonly isWeighted: { readonly first: boolean; readonly second: boolean };
  /** How many tests `adjustedP` is adjusted for. */
  readonly tests: number;
  /** In the questionnaire's order. */
  readonly questions: readonly QuestionDifference[];
  readonly notCompared: readonly NotCompared[];
  readonly unusedColumns: readonly string[];
  /** How far the answers can be trusted, judged by people's; `null` for two runs. */
  readonly calibration: Pick<
    Calibration,
    'verdict' | 'beatsGuess' | 'areLinked' | 'people' | 'linkedPeople' | 'respondents'
  > | null;
}

export function comparisonView(
  questionnaire: Questionnaire,
  comparison: HumanComparison,
  calibration: Calibration | null,
): ComparisonView {
  const words = surveyWords(questionnaire);
  const { syntheticRespondents, humanRows, humanRowsWithoutWeight, isWeighted, tests } = comparison;
  return {
    title: shown(questionnaire.title),
    respondents: { first: syntheticRespondents, second: humanRows - humanRowsWithoutWeight },
    leftOut: humanRowsWithoutWeight,
    isWeighted: { first: isWeighted.synthetic, second: isWeighted.human },
    tests,
    questions: comparison.questions.map((each) => questionDifference(each, words)),
    notCompared: comparison.notCompared.map(({ question, reason }) => ({
      question: shown(question),
      reason,
    })),
    unusedColumns: comparison.unusedColumns.slice(0, MOST_LISTED).map(shown),
    calibration: calibration && calibrationView(calibration),
  };
}

function calibrationView({
  verdict,
  beatsGuess,
  areLinked,
  people,
  linkedPeople,
  respondents,
}: Calibration): NonNullable<ComparisonView['calibration']> {
  return { verdict, beatsGuess, areLinked, people, linkedPeople, respondents };
}

function questionDifference(comparison: QuestionComparison, words: SurveyWords): QuestionDifference {
  const {
    question,
    synthetic,
    human,
    totalVariation,
    chiSquare,
    kolmogorovSmirnov,
    meanDifference,
    sdRatio,
  } = comparison;
  const options = optionDifferences(comparison, words);
  const largest = options?.reduce((most, { difference }) => Math.max(most, Math.abs(difference.value)), 0);
  const hasBoth = synthetic.n > 0 && human.n > 0;
  const adjusted = [
    totalVariation,
    chiSquare,
    kolmogorovSmirnov,
    ...(comparison.options ?? []).map(({ test }) => test),
  ].flatMap((test) => test?.adjustedP ?? []);
  return {
    name: question.name,
    title: shown(fullTitle(question, words)),
    kind: question.kind,
    first: sideView(synthetic),
    second: sideView(human),
    effect: hasBoth ? (totalVariation?.distance ?? largest ?? kolmogorovSmirnov?.d ?? null) : null,
    adjustedP: adjusted.length === 0 ? null : Math.min(...adjusted),
    totalVariation: totalVariation && {
      value: totalVariation.distance,
      interval: totalVariation.interval,
      byChance: totalVariation.byChance,
      adjustedP: totalVariation.adjustedP,
    },
    chiSquare: chiSquare && {
      f: chiSquare.f,
      adjustedP: chiSquare.adjustedP,
      lowExpected: chiSquare.lowExpected,
    },
    kolmogorovSmirnov: kolmogorovSmirnov && {
      d: kolmogorovSmirnov.d,
      adjustedP: kolmogorovSmirnov.adjustedP,
      isConservative: kolmogorovSmirnov.isConservative,
    },
    meanDifference: meanDifference && { value: meanDifference.difference, interval: meanDifference.interval },
    sdRatio,
    options,
    unmatched: comparison.unmatched
      .slice(0, MOST_LISTED)
      .map(([value, count]) => ({ value: shown(value), count })),
  };
}

function optionDifferences(
  { options, synthetic, human }: QuestionComparison,
  { readable }: SurveyWords,
): QuestionDifference['options'] {
  return (
    options?.map(({ option, difference, interval, test }, code) => ({
      value: shown(String(option.value)),
      text: shown(terminalSafe(readable(option.text)) || String(option.value)),
      first: shareView(synthetic, code),
      second: shareView(human, code),
      difference: { value: difference, interval },
      adjustedP: test?.adjustedP ?? null,
    })) ?? null
  );
}

function shareView({ options }: QuestionTable, code: number): ShareView {
  const found = options?.[code];
  return { count: found?.count ?? 0, share: found?.share ?? 0, interval: found?.interval ?? null };
}

function sideView({ n, effectiveN, numbers }: QuestionTable): SideView {
  return { n, effectiveN, mean: numbers?.mean ?? null, sd: numbers?.sd ?? null };
}

function shown(text: string): string {
  return printable(shortened(text, LONGEST_TEXT_CHARS));
}
