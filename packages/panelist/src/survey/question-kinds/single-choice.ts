import type { InterviewTexts } from '../../languages/messages.ts';
import { object, oneOf } from '../../stored/shapes.ts';
import { oncePer, readerOf } from '../prompt/text-pattern.ts';
import type { OptionsBase } from '../question.ts';
import type { QuestionKind } from './kind.ts';
import { defaultOptions, optionSchema, readOption, unchanged, withRequired } from './options.ts';
import { withOptions } from './stored-question.ts';

/** `radiogroup`, `dropdown`, `buttongroup`, `boolean`, `imagepicker`, a row of a `matrix`: exactly one option. */
export interface SingleChoiceQuestion extends OptionsBase {
  readonly kind: 'single-choice';
}

export const singleChoice: QuestionKind<SingleChoiceQuestion> = {
  kind: 'single-choice',
  answerForm: 'option',
  fewestOptions: 1,
  stored: object<SingleChoiceQuestion>({ kind: oneOf('single-choice'), ...withOptions }),
  ownTexts: () => [],
  hasNumericLabels: () => false,
  narrowed: withRequired,
  bounded: unchanged,

  instruction: ({ frame }) => frame.chooseOne(null),
  parseInstruction: (instruction, frame) =>
    readerIn(frame)(instruction) === null ? null : { form: 'option' },
  schema: optionSchema,
  read: readOption,

  fittingDefault: (question, value) => defaultOptions(question, value)[0] ?? null,
  isFreeText: () => false,
  codebook: () => ({}),
};

const readerIn = oncePer((frame: InterviewTexts) => readerOf([], () => frame.chooseOne(null)));
