import { quote } from '@panelist/toolkit';
import type { InterviewTexts } from '../../languages/messages.ts';
import { object, oneOf } from '../../stored/shapes.ts';
import { firstRead, oncePer, readerOf } from '../prompt/text-pattern.ts';
import type { Option, OptionsBase, OptionValue } from '../question.ts';
import { type Asked, type AskedAnswer, answered, invalid, type QuestionKind } from './kind.ts';
import {
  choicesOf,
  defaultOptions,
  listSchema,
  narrowedSelection,
  quoted,
  readOptions,
  unchanged,
} from './options.ts';
import { selectionBounds, withOptions } from './stored-question.ts';

/** `checkbox`, `tagbox`, `imagepicker` with several: any number of options within the bounds. */
export interface MultipleChoiceQuestion extends OptionsBase {
  readonly kind: 'multiple-choice';
  /** @default 0, or 1 if required */
  readonly minSelected: number;
  /** @default the number of options */
  readonly maxSelected: number;
}

export const multipleChoice: QuestionKind<MultipleChoiceQuestion> = {
  kind: 'multiple-choice',
  answerForm: 'options',
  fewestOptions: 1,
  stored: object<MultipleChoiceQuestion>({
    kind: oneOf('multiple-choice'),
    ...withOptions,
    ...selectionBounds,
  }),
  ownTexts: () => [],
  hasNumericLabels: () => false,
  narrowed: narrowedSelection,
  bounded: unchanged,

  instruction: (asked) =>
    asked.frame.chooseSeveral(howMany(asked.question, asked.frame, asked.options?.length), onlyAlone(asked)),
  parseInstruction: (instruction, frame) => readersIn(frame)(instruction),
  schema: listSchema,
  read(asked, value, raw) {
    const { question, options, frame } = asked;
    const chosen = readOptions(asked, value, raw);
    if (typeof chosen === 'string') return invalid(chosen);
    const { indices, repairs, isRepeated } = chosen;
    if (isRepeated) repairs.add('duplicate-item');
    const alone = [...indices]
      .map((index) => options?.[index])
      .find((option) => option?.isExclusive === true);
    if (alone !== undefined) {
      if (indices.size > 1) return invalid(frame.problems.onlyAlone(quoted(String(alone.text))));
      return answered([alone.value], [...repairs]);
    }
    const { values: displayed } = choicesOf(asked);
    if (indices.size < question.minSelected || indices.size > question.maxSelected) {
      return invalid(frame.problems.wrongCount(indices.size, howMany(question, frame, displayed.length)));
    }
    // In the questionnaire's order, whatever order they were displayed in: the same choice is always the same value.
    const values = new Set([...indices].map((index) => displayed[index] as OptionValue));
    const inOrder = question.options.map((option: Option) => option.value).filter((each) => values.has(each));
    return answered(inOrder, [...repairs]);
  },

  fittingDefault(question, value) {
    const chosen = defaultOptions(question, value);
    return chosen.length > 0 ? chosen : null;
  },
  isFreeText: () => false,
  codebook: ({ minSelected, maxSelected }, words) => ({
    min: words.selected(minSelected),
    max: words.selected(maxSelected),
  }),
};

/** How many options may be chosen, as the respondent and the error say it. */
function howMany(
  { minSelected, maxSelected, options, isRequired }: MultipleChoiceQuestion,
  { howMany: words }: InterviewTexts,
  displayed: number = options.length,
): string {
  const none = isRequired ? '' : words.orNone;
  if (minSelected === maxSelected) return `${words.exactly(minSelected)}${none}`;
  if (maxSelected < displayed) return `${words.between(Math.max(minSelected, 1), maxSelected)}${none}`;
  return `${minSelected > 1 ? words.atLeast(minSelected) : words.any(isRequired)}${none}`;
}

/** As they are listed, quoted: the reader refuses them beside another. */
function onlyAlone({ question, options, choices }: Asked<MultipleChoiceQuestion>): readonly string[] {
  if (question.maxSelected === 1) return [];
  return (options ?? []).flatMap(({ isExclusive }, index) =>
    isExclusive ? [quote(String(choices?.labels[index]))] : [],
  );
}

const readersIn = oncePer((frame: InterviewTexts) => {
  const { howMany: words } = frame;
  const counts = ['', words.orNone].flatMap((none) => {
    const exactly = readerOf(['number'], (count) => `${words.exactly(count)}${none}`);
    const between = readerOf(['number', 'number'], (min, max) => `${words.between(min, max)}${none}`);
    const atLeast = readerOf(['number'], (min) => `${words.atLeast(min)}${none}`);
    const anyOf = readerOf([], () => `${words.any(false)}${none}`);
    const atLeastOne = readerOf([], () => `${words.any(true)}${none}`);
    return [
      (text: string) => asItems(exactly(text), ([count]) => ({ minItems: count, maxItems: count })),
      (text: string) => asItems(between(text), ([minItems, maxItems]) => ({ minItems, maxItems })),
      (text: string) => asItems(atLeast(text), ([minItems]) => ({ minItems })),
      (text: string) => asItems(anyOf(text), () => ({})),
      (text: string) => asItems(atLeastOne(text), () => ({ minItems: 1 })),
    ];
  });
  const instructions = [
    readerOf(['text'], (count) => frame.chooseSeveral(count, [])),
    readerOf(['text', 'text'], (count, alone) => frame.chooseSeveral(count, [alone])),
  ];
  const byInstruction = instructions.map((read) => (text: string): AskedAnswer | null => {
    const found = read(text);
    return found === null ? null : firstRead(found[0], counts);
  });
  return (text: string) => firstRead(text, byInstruction);
});

function asItems<T>(found: T | null, limits: (found: T) => Partial<AskedAnswer>): AskedAnswer | null {
  return found === null ? null : { form: 'options', ...limits(found) };
}
