import type { InterviewTexts } from '../../languages/messages.ts';
import { object, oneOf } from '../../stored/shapes.ts';
import { firstRead, oncePer, readerOf } from '../prompt/text-pattern.ts';
import type { OptionsBase, OptionValue } from '../question.ts';
import { type AskedAnswer, answered, invalid, type QuestionKind } from './kind.ts';
import {
  choicesOf,
  defaultOptions,
  listSchema,
  narrowedSelection,
  readOptions,
  unchanged,
} from './options.ts';
import { selectionBounds, withOptions } from './stored-question.ts';

/** `ranking`: options, the first the highest. All, unless `selectToRankEnabled`. */
export interface RankingQuestion extends OptionsBase {
  readonly kind: 'ranking';
  readonly minSelected: number;
  readonly maxSelected: number;
}

export const ranking: QuestionKind<RankingQuestion> = {
  kind: 'ranking',
  answerForm: 'ranked-options',
  // One option alone cannot be ranked, and SurveyJS keeps no value for it.
  fewestOptions: 2,
  stored: object<RankingQuestion>({ kind: oneOf('ranking'), ...withOptions, ...selectionBounds }),
  ownTexts: () => [],
  hasNumericLabels: () => false,
  narrowed: narrowedSelection,
  bounded: unchanged,

  instruction: ({ question, frame, options }) => frame.rank(howManyRanked(question, frame, options?.length)),
  parseInstruction: (instruction, frame) => readersIn(frame)(instruction),
  schema: listSchema,
  read(asked, value, raw) {
    const { question, frame } = asked;
    const chosen = readOptions(asked, value, raw);
    if (typeof chosen === 'string') return invalid(chosen);
    const { indices, repairs, isRepeated } = chosen;
    // Either position may have been meant.
    if (isRepeated) return invalid(frame.problems.rankedTwice);
    const { values } = choicesOf(asked);
    if (indices.size < question.minSelected || indices.size > question.maxSelected) {
      const wanted = howManyRanked(question, frame, values.length);
      return invalid(frame.problems.wrongRankCount(indices.size, wanted));
    }
    return answered(
      [...indices].map((index) => values[index] as OptionValue),
      [...repairs],
    );
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

/** How many options are to be ranked, as the respondent and the error say it. */
function howManyRanked(
  { minSelected, maxSelected, options, isRequired }: RankingQuestion,
  { howManyRanked: words }: InterviewTexts,
  displayed: number = options.length,
): string {
  const none = isRequired ? '' : words.orNone;
  if (minSelected >= displayed) return `${words.all(displayed)}${none}`;
  if (minSelected === maxSelected) return `${words.exactly(minSelected)}${none}`;
  return `${words.between(Math.max(minSelected, 1), maxSelected)}${none}`;
}

const readersIn = oncePer((frame: InterviewTexts) => {
  const { howManyRanked: words } = frame;
  const readers = ['', words.orNone].flatMap((none) => {
    const all = readerOf(['number'], (count) => frame.rank(`${words.all(count)}${none}`));
    const exactly = readerOf(['number'], (count) => frame.rank(`${words.exactly(count)}${none}`));
    const between = readerOf(['number', 'number'], (min, max) =>
      frame.rank(`${words.between(min, max)}${none}`),
    );
    return [
      (text: string): AskedAnswer | null => {
        const [count] = all(text) ?? exactly(text) ?? [];
        return count === undefined ? null : { form: 'ranked-options', minItems: count, maxItems: count };
      },
      (text: string): AskedAnswer | null => {
        const [minItems, maxItems] = between(text) ?? [];
        return minItems === undefined || maxItems === undefined
          ? null
          : { form: 'ranked-options', minItems, maxItems };
      },
    ];
  });
  return (text: string) => firstRead(text, readers);
});
