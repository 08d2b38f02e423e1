import type { InterviewTexts } from '../../languages/messages.ts';
import { object, oneOf, text } from '../../stored/shapes.ts';
import { oncePer, readerOf } from '../prompt/text-pattern.ts';
import type { OptionsBase, Template } from '../question.ts';
import type { Asked, QuestionKind } from './kind.ts';
import { defaultOptions, optionSchema, readOption, unchanged, withRequired } from './options.ts';
import { withOptions } from './stored-question.ts';

/** `rating`: one point of an ordered scale. */
export interface RatingQuestion extends OptionsBase {
  readonly kind: 'rating';
  /** What the ends mean; empty where the file does not say. */
  readonly minDescription: Template;
  readonly maxDescription: Template;
}

export const rating: QuestionKind<RatingQuestion> = {
  kind: 'rating',
  answerForm: 'option',
  fewestOptions: 1,
  stored: object<RatingQuestion>({
    kind: oneOf('rating'),
    ...withOptions,
    minDescription: text,
    maxDescription: text,
  }),
  ownTexts: ({ minDescription, maxDescription }) => [minDescription, maxDescription],
  hasNumericLabels: ({ options }) => options.every(({ value }) => typeof value === 'number'),
  narrowed: withRequired,
  bounded: unchanged,

  instruction: (asked) =>
    typeof asked.choices?.labels[0] === 'number'
      ? asked.frame.chooseNumber(points(asked))
      : asked.frame.chooseOne(ends(asked)),
  parseInstruction(instruction, frame) {
    const { number, option } = readersIn(frame);
    const [listed] = number(instruction) ?? [];
    if (listed !== undefined) return { form: 'option', points: numbersIn(listed) };
    return option(instruction) === null ? null : { form: 'option' };
  },
  schema: optionSchema,
  read: readOption,

  fittingDefault: (question, value) => defaultOptions(question, value)[0] ?? null,
  isFreeText: () => false,
  codebook: ({ minDescription, maxDescription }) => ({ minLabel: minDescription, maxLabel: maxDescription }),
};

/** `1 (Not at all), 2, 3, 4, 5 (Very much)`. The ends keep their points where the scale is displayed backwards. */
function points({ question, options, choices, ownTexts }: Asked<RatingQuestion>): string {
  const [minDescription = '', maxDescription = ''] = ownTexts;
  const listed = question.options.filter(({ role }) => role === 'plain');
  const [lowest, highest] = [listed[0]?.value, listed.at(-1)?.value];
  return (choices?.labels ?? [])
    .map((label, index) => {
      const text = choices?.texts[index] ?? '';
      const value = options?.[index]?.value;
      const end = value === lowest ? minDescription : value === highest ? maxDescription : '';
      const meaning = [text === String(label) ? '' : text, end].filter((part) => part !== '').join(', ');
      return meaning === '' ? String(label) : `${label} (${meaning})`;
    })
    .join(', ');
}

/** The numbers of `points`: what is in brackets is their meaning. */
function numbersIn(points: string): string[] {
  let depth = 0;
  let bare = '';
  for (const character of points) {
    if (character === '(') depth += 1;
    if (depth === 0) bare += character;
    if (character === ')') depth = Math.max(0, depth - 1);
  }
  return bare.split(',').flatMap((point) => (/^-?\d+(?:\.\d+)?$/.test(point.trim()) ? [point.trim()] : []));
}

/** Of a scale of texts, named in the order in which it is listed. */
function ends({
  question,
  options,
  ownTexts,
  frame,
}: Asked<RatingQuestion>): readonly [string, string] | null {
  const [minDescription = '', maxDescription = ''] = ownTexts;
  if (minDescription === '' && maxDescription === '') return null;
  const displayed = (options ?? [])
    .filter(({ role }) => role === 'plain')
    .map(({ value }) => question.options.findIndex((option) => option.value === value));
  const from = minDescription || frame.lowest;
  const to = maxDescription || frame.highest;
  return (displayed[0] ?? 0) <= (displayed.at(-1) ?? 0) ? [from, to] : [to, from];
}

const readersIn = oncePer((frame: InterviewTexts) => ({
  number: readerOf(['text'], (listed) => frame.chooseNumber(listed)),
  option: readerOf(['text', 'text'], (from, to) => frame.chooseOne([from, to])),
}));
