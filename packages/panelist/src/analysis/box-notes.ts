import type { OptionValue } from '../survey/questionnaire.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import { percent, rounded } from './figures.ts';
import type { SurveyWords } from './survey-words.ts';
import type { QuestionTable } from './tabulate.ts';

/** Notes on the ends of a scale: top two, bottom two, net promoter score. `bounds` writes an interval, or nothing. */
export function boxNotes(
  { boxes, options }: QuestionTable,
  bounds: (low: string, high: string) => string,
  { readable, messages: { figures } }: SurveyWords,
): readonly string[] {
  if (boxes === null) return [];
  const labelOf = (value: OptionValue): string => {
    const text = options?.find(({ option }) => option.value === value)?.option.text ?? '';
    return terminalSafe(readable(text)) || terminalSafe(String(value));
  };
  const { topTwo, bottomTwo, netPromoterScore: score } = boxes;
  const ends = [
    [figures.topTwo, topTwo],
    [figures.bottomTwo, bottomTwo],
  ] as const;
  return [
    ...ends.map(([name, { options: values, share, interval }]) =>
      [
        name(values.map(labelOf).join(', ')),
        ` ${percent(share)}`,
        interval === null ? '' : bounds(percent(interval.low), percent(interval.high)),
      ].join(''),
    ),
    ...(score === null
      ? []
      : [
          `${figures.netPromoterScore} ${rounded(score.value, 0)}${score.interval ? bounds(rounded(score.interval.low, 0), rounded(score.interval.high, 0)) : ''}`,
        ]),
  ];
}
