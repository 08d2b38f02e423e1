import type { CrossTable } from '../../analysis/cross-table.ts';
import { type DistributionRow, distributionRows } from '../../analysis/distribution-rows.ts';
import type { Interval } from '../../analysis/statistics/intervals.ts';
import type { SurveySummary } from '../../analysis/survey-summary.ts';
import { fullTitle, type SurveyWords, surveyWords } from '../../analysis/survey-words.ts';
import type { QuestionTable } from '../../analysis/tabulate.ts';
import type { AnswerStatus } from '../../survey/answer.ts';
import type { Questionnaire } from '../../survey/questionnaire.ts';
import { printable } from '../../text/printable.ts';
import { shortened } from '../../text/shortened.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';

/** Rows of a chart; the rarest options beyond are combined in the last one. */
const MOST_ROWS = 60;
const LONGEST_TEXT_CHARS = 300;

export interface NumbersView {
  readonly n: number;
  readonly mean: number;
  readonly interval: Interval | null;
  readonly sd: number | null;
  readonly min: number;
  readonly max: number;
}

/** One question as front ends show it. */
export interface QuestionSummary {
  readonly name: string;
  readonly title: string;
  readonly kind: string;
  /** Whether its options are points of a scale, and why that was judged so. */
  readonly level: string | null;
  readonly basis: string | null;
  /** Interviews by status of this question. */
  readonly statuses: Readonly<Record<AnswerStatus, number>>;
  /** Interviews with a value, and respondents: the base of shares and means. */
  readonly answers: number;
  readonly n: number;
  readonly effectiveN: number;
  /** Of options, or of numbers: each value, or ranges. Empty for texts. */
  readonly rows: readonly DistributionRow[];
  readonly numbers: NumbersView | null;
  readonly topTwo: { readonly share: number; readonly interval: Interval | null } | null;
  readonly bottomTwo: { readonly share: number; readonly interval: Interval | null } | null;
  readonly netPromoterScore: { readonly value: number; readonly interval: Interval | null } | null;
  /** A few answers to a text question. */
  readonly examples: readonly string[];
  readonly noneChosen: number;
  /** Values that are not options. */
  readonly unlisted: number;
}

export interface CrossTableView {
  readonly name: string;
  readonly title: string;
  readonly groups: readonly {
    readonly label: string;
    /** What `higherThan` names it by. */
    readonly letter: string;
    readonly n: number;
    readonly effectiveN: number;
    readonly numbers: NumbersView | null;
    /** Letters of the groups with a lower mean, at 5 % for all pairs together. */
    readonly higherThan: readonly string[];
  }[];
  /** `null` for numbers, of which only means are compared. */
  readonly rows:
    | readonly {
        readonly label: string;
        readonly cells: readonly {
          readonly count: number;
          readonly share: number;
          readonly interval: Interval | null;
          /** Fewer than 5 are expected: it isn't compared. */
          readonly isLow: boolean;
          readonly higherThan: readonly string[];
        }[];
      }[]
    | null;
  /** Whether the groups differ, adjusted for all tables by the same groups: the smallest p. `null` without a test. */
  readonly adjustedP: number | null;
  readonly cramersV: number | null;
}

/** A summary as front ends show it: figures, labels and titles, without the questions' definitions. */
export interface SummaryView {
  readonly title: string;
  readonly language: string;
  readonly interviews: number;
  readonly respondents: number;
  readonly effectiveN: number;
  readonly isWeighted: boolean;
  readonly replicates: number;
  /** What all intervals cover: only the model's sampling error. */
  readonly intervalLevel: number;
  readonly questions: readonly QuestionSummary[];
  /** One for each requested grouping, in the order requested. */
  readonly crossTables: readonly { readonly by: string; readonly tables: readonly CrossTableView[] }[];
}

export function summaryView(questionnaire: Questionnaire, summary: SurveySummary): SummaryView {
  const words = surveyWords(questionnaire);
  const { interviews, respondents, effectiveN, isWeighted, replicates, intervals } = summary;
  return {
    title: shown(summary.title),
    language: questionnaire.locale,
    ...{ interviews, respondents, effectiveN, isWeighted, replicates },
    intervalLevel: intervals.level,
    questions: summary.questions.map((table) => questionSummary(table, words)),
    crossTables: summary.crossTables.map(({ by, tables }) => ({
      by: shown(by),
      tables: tables.map((table) => crossTableView(table, words)),
    })),
  };
}

function questionSummary(table: QuestionTable, words: SurveyWords): QuestionSummary {
  const { question, measurement, statuses, answers, n, effectiveN, numbers, boxes } = table;
  const box = (of: 'topTwo' | 'bottomTwo') =>
    boxes && { share: boxes[of].share, interval: boxes[of].interval };
  return {
    name: question.name,
    title: shown(fullTitle(question, words)),
    kind: question.kind,
    level: measurement.level,
    basis: measurement.basis,
    ...{ statuses, answers, n, effectiveN },
    rows: distributionRows(table, words, MOST_ROWS).map((row) => ({ ...row, label: shown(row.label) })),
    numbers: numbersView(numbers),
    topTwo: box('topTwo'),
    bottomTwo: box('bottomTwo'),
    netPromoterScore: boxes?.netPromoterScore ?? null,
    examples: table.examples.map(shown),
    noneChosen: table.noneChosen,
    unlisted: table.unlisted,
  };
}

function crossTableView(
  { question, groups, rows, test, means }: CrossTable,
  words: SurveyWords,
): CrossTableView {
  const tests = [test, means?.test ?? null, ...(rows ?? []).map((row) => row.test)];
  const adjusted = tests.flatMap((each) => each?.adjustedP ?? []);
  return {
    name: question.name,
    title: shown(fullTitle(question, words)),
    groups: groups.map(({ label, letter, n, effectiveN, numbers }, place) => ({
      label: shown(label),
      ...{ letter, n, effectiveN },
      numbers: numbersView(numbers),
      higherThan: means?.higherThan[place] ?? [],
    })),
    rows:
      rows?.map(({ option, cells }) => ({
        label: shown(terminalSafe(words.readable(option.text)) || String(option.value)),
        cells: cells.map(({ count, share, interval, isLow, higherThan }) => ({
          count,
          share,
          interval,
          isLow,
          higherThan,
        })),
      })) ?? null,
    adjustedP: adjusted.length === 0 ? null : Math.min(...adjusted),
    cramersV: test?.cramersV ?? null,
  };
}

function numbersView(
  numbers: Omit<NonNullable<QuestionTable['numbers']>, 'values'> | null,
): NumbersView | null {
  if (numbers === null) return null;
  const { n, mean, interval, sd, min, max } = numbers;
  return { n, mean, interval, sd, min, max };
}

function shown(text: string): string {
  return printable(shortened(text, LONGEST_TEXT_CHARS));
}
