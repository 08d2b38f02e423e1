import { answerStatuses } from '../../survey/answer.ts';
import type { Calibration } from '../calibration/calibrate.ts';
import type { HumanComparison, QuestionComparison } from '../compare-humans.ts';
import type { Interval } from '../statistics/intervals.ts';
import type { QuestionTable } from '../tabulate.ts';
import type { Cell } from './export-table.ts';
import { csvText } from './write-csv.ts';

/** Always the same columns, so that files of several surveys can be put together. */
const COLUMNS = [
  ...[
    'question',
    'title',
    'measure',
    'option',
    'synthetic',
    'synthetic_low',
    'synthetic_high',
    'synthetic_n',
  ],
  ...['human', 'human_low', 'human_high', 'human_n', 'value', 'low', 'high', 'p', 'adjusted_p', 'worth'],
] as const;

type Row = Partial<Record<(typeof COLUMNS)[number], Cell>>;

/**
 * One row for each share, mean and test of each question. `value` is the synthetic figure minus the human one, or what the
 * measure itself is, such as a distance. `missing` rows count interviews and rows by status. `worth` is how many human answers the synthetic ones are worth. Shares are from 0 to 1; a cell without a figure is empty.
 */
export function comparisonCsv({ questions }: HumanComparison, calibration: Calibration): string {
  const rows = [
    ...questions.flatMap(rowsOf),
    ...calibration.questions.flatMap(({ question, corrected }) =>
      corrected.map(({ of, humanOnly, corrected: estimate, worth }): Row => {
        const measure = of === 'mean' ? 'corrected_mean' : 'corrected_share';
        return {
          ...{ question: question.name, title: question.title, measure, option: of === 'mean' ? null : of },
          ...{
            human: humanOnly.value,
            human_low: low(humanOnly.interval),
            human_high: high(humanOnly.interval),
          },
          ...{ value: estimate.value, low: low(estimate.interval), high: high(estimate.interval) },
          worth,
        };
      }),
    ),
  ];
  return csvText([COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column] ?? null))]);
}

function rowsOf(comparison: QuestionComparison): readonly Row[] {
  const { question, synthetic, human } = comparison;
  const { totalVariation, kolmogorovSmirnov, meanDifference, sdRatio, chiSquare } = comparison;
  const base = { question: question.name, title: question.title, synthetic_n: synthetic.n, human_n: human.n };
  const rows: Row[] = (synthetic.options ?? []).map(({ option, share, interval }, place) => {
    const ofPeople = human.options?.[place];
    const { interval: ofDifference, test } = comparison.options?.[place] ?? { interval: null, test: null };
    return {
      ...{ ...base, measure: 'share', option: option.value },
      ...{
        synthetic: synthetic.n === 0 ? null : share,
        synthetic_low: low(interval),
        synthetic_high: high(interval),
      },
      human: human.n === 0 ? null : (ofPeople?.share ?? null),
      ...{ human_low: low(ofPeople?.interval), human_high: high(ofPeople?.interval) },
      value: ofPeople === undefined || synthetic.n * human.n === 0 ? null : share - ofPeople.share,
      ...{ low: low(ofDifference), high: high(ofDifference), ...(test && pOf(test)) },
    };
  });
  if (synthetic.numbers || human.numbers)
    rows.push({
      ...{ ...base, measure: 'mean', ...meanOf('synthetic', synthetic), ...meanOf('human', human) },
      ...{ value: meanDifference?.difference ?? null },
      ...{ low: low(meanDifference?.interval), high: high(meanDifference?.interval) },
    });
  if (sdRatio !== null)
    rows.push({
      ...{ ...base, measure: 'sd_ratio', value: sdRatio },
      ...{ synthetic: synthetic.numbers?.sd ?? null, human: human.numbers?.sd ?? null },
    });
  if (totalVariation) {
    const { distance, interval } = totalVariation;
    const bounds = { low: low(interval), high: high(interval) };
    rows.push({ ...base, measure: 'total_variation', value: distance, ...bounds, ...pOf(totalVariation) });
  }
  if (kolmogorovSmirnov) {
    const { d } = kolmogorovSmirnov;
    rows.push({ ...base, measure: 'kolmogorov_smirnov', value: d, ...pOf(kolmogorovSmirnov) });
  }
  if (chiSquare) rows.push({ ...base, measure: 'rao_scott_f', value: chiSquare.f, ...pOf(chiSquare) });
  for (const status of answerStatuses) {
    const counts = { synthetic: synthetic.statuses[status], human: human.statuses[status] };
    if (status !== 'answered' && counts.synthetic + counts.human > 0)
      rows.push({ ...base, measure: 'missing', option: status, ...counts });
  }
  return rows;
}

function pOf({ p, adjustedP }: { readonly p: number; readonly adjustedP: number }): Row {
  return { p, adjusted_p: adjustedP };
}

function meanOf(side: 'synthetic' | 'human', { numbers }: QuestionTable): Row {
  return {
    [side]: numbers?.mean ?? null,
    [`${side}_low`]: low(numbers?.interval),
    [`${side}_high`]: high(numbers?.interval),
  };
}

function low(interval: Interval | null | undefined): number | null {
  return interval?.low ?? null;
}

function high(interval: Interval | null | undefined): number | null {
  return interval?.high ?? null;
}
