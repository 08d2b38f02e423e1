import type { InterviewTexts } from '../../languages/messages.ts';
import { boolean, list, nullable, number as numberShape, object, oneOf, text } from '../../stored/shapes.ts';
import { normalised } from '../../text/one-line.ts';
import { firstRead, oncePer, readerOf } from '../prompt/text-pattern.ts';
import type { Expression, OptionValue, QuestionBase, Template } from '../question.ts';
import type { Repair } from '../reply/repairs.ts';
import { type AskedAnswer, answered, invalid, type QuestionKind } from './kind.ts';
import { quoted, withRequired } from './options.ts';
import { base, computedBounds, target } from './stored-question.ts';

/** `text` with a numeric `inputType`, mask or validator; `slider`; the number of entries of a dynamic panel. */
export interface NumberQuestion extends QuestionBase {
  readonly kind: 'number';
  readonly min: number | null;
  readonly max: number | null;
  /** Of the number of entries of a dynamic panel or grid, which isn't part of SurveyJS's data; `null` for others. */
  readonly counts: {
    /** Where the list of entries is in the data. */
    readonly target: readonly (string | number)[];
    /** Whether entries without answers are in the data too, as those of dynamic panels are. */
    readonly keepsEmpty: boolean;
  } | null;
  /** Further bounds, computed from the answers; one that yields no number does not bound. */
  readonly minExpression: Expression | null;
  readonly maxExpression: Expression | null;
  /** Counted from `min`, else from 0; `null` for any. */
  readonly step: number | null;
  /** `true` when only whole numbers are meant. */
  readonly integer: boolean;
  /** What points of a slider mean. */
  readonly labels: readonly { readonly value: number; readonly text: Template }[];
}

export const number: QuestionKind<NumberQuestion> = {
  kind: 'number',
  answerForm: 'number',
  fewestOptions: 0,
  stored: object<NumberQuestion>({
    kind: oneOf('number'),
    ...base,
    ...computedBounds,
    min: nullable(numberShape),
    max: nullable(numberShape),
    counts: nullable(object({ target, keepsEmpty: boolean })),
    step: nullable(numberShape),
    integer: boolean,
    labels: list(object({ value: numberShape, text })),
  }),
  ownTexts: ({ labels }) => labels.map((label) => label.text),
  hasNumericLabels: () => false,
  narrowed: withRequired,
  /** A computed bound that leaves no answer is not applied: the question could not be answered. */
  bounded(question, min, max) {
    const least = typeof min === 'number' ? Math.max(question.min ?? -Infinity, min) : question.min;
    const most = typeof max === 'number' ? Math.min(question.max ?? Infinity, max) : question.max;
    if (least !== null && most !== null && least > most) return question;
    // The steps stay where they were.
    const start = question.min ?? 0;
    return {
      ...question,
      min: onStep(least, start, question.step, Math.ceil),
      max: onStep(most, start, question.step, Math.floor),
    };
  },

  instruction: ({ question, ownTexts, frame }) =>
    frame.giveNumber(
      range(question, frame),
      question.labels.map(({ value }, index) => `${value} = ${ownTexts[index]}`).join(', '),
    ),
  parseInstruction: (instruction, frame) => readersIn(frame)(instruction),
  schema({ question: { integer, min, max } }, _listed, isText) {
    if (isText) return { type: 'string' };
    return {
      type: integer ? 'integer' : 'number',
      ...(min !== null && { minimum: min }),
      ...(max !== null && { maximum: max }),
    };
  },
  read({ question, frame }, value, raw) {
    const repairs: Repair[] = [];
    let said: unknown = value;
    if (typeof value === 'string') {
      const written = normalised(value);
      // No thousands separators: 1,200 is 1.2 to half of the world.
      if (/^[-+]?\d+(?:\.\d+)?$/.test(written)) {
        said = Number(written);
        // Its schema asks for a text, or it could not be left empty.
        if (question.isRequired || String(said) !== value) repairs.push('text-for-number');
      }
    }
    if (typeof said !== 'number' || !fits(said, question))
      return invalid(frame.problems.isNot(quoted(raw), range(question, frame)));
    // Adding 0 makes -0 a plain 0.
    return answered(said + 0, repairs);
  },

  fittingDefault(_question, value) {
    const [first] = (Array.isArray(value) ? value : [value]) as readonly OptionValue[];
    const given = first === '' ? Number.NaN : Number(first);
    return Number.isFinite(given) ? given : null;
  },
  isFreeText: () => false,
  codebook({ min, max, step, labels, integer }, words) {
    const labelOf = (value: number | null): string => labels.find((each) => each.value === value)?.text ?? '';
    return {
      min,
      max,
      step,
      minLabel: labelOf(min),
      maxLabel: labelOf(max),
      values: integer ? words.wholeNumbers : words.numbers,
    };
  },
};

/** A question for the number of entries of a dynamic panel or grid. */
export interface EntryCountQuestion extends NumberQuestion {
  readonly counts: NonNullable<NumberQuestion['counts']>;
}

export function isEntryCount(question: QuestionBase): question is EntryCountQuestion {
  return 'counts' in question && question.counts !== null;
}

function onStep(
  bound: number | null,
  start: number,
  step: number | null,
  round: (steps: number) => number,
): number | null {
  if (bound === null || step === null) return bound;
  const steps = round(Number(((bound - start) / step).toPrecision(12)));
  return Number((start + steps * step).toPrecision(12));
}

/** What number is asked for, as the respondent and the error say it. */
function range({ min, max, integer, step }: NumberQuestion, frame: InterviewTexts): string {
  return frame.number({ integer, min, max, step: integer && step === 1 ? null : step });
}

function fits(value: number, { min, max, integer, step }: NumberQuestion): boolean {
  if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return false;
  if ((integer && !Number.isInteger(value)) || value < (min ?? -Infinity) || value > (max ?? Infinity))
    return false;
  if (step === null) return true;
  const steps = (value - (min ?? 0)) / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

const readersIn = oncePer((frame: InterviewTexts) => {
  const ranges = [true, false].flatMap((integer) =>
    [true, false].flatMap((hasMin) =>
      [true, false].flatMap((hasMax) =>
        [true, false].map((hasStep) => {
          const read = readerOf(['number', 'number', 'number'], (min, max, step) =>
            frame.number({
              integer,
              min: hasMin ? min : null,
              max: hasMax ? max : null,
              step: hasStep ? step : null,
            }),
          );
          return (text: string): AskedAnswer | null => {
            const found = read(text);
            if (found === null) return null;
            const [minimum, maximum, multipleOf] = found;
            return {
              form: 'number',
              isInteger: integer,
              ...(hasMin && { minimum }),
              ...(hasMax && { maximum }),
              ...(hasStep && { multipleOf }),
            };
          };
        }),
      ),
    ),
  );
  const instructions = [
    readerOf(['text'], (asked) => frame.giveNumber(asked, '')),
    readerOf(['text', 'text'], (asked, labels) => frame.giveNumber(asked, labels)),
  ].map((read) => (text: string): AskedAnswer | null => {
    const found = read(text);
    return found === null ? null : firstRead(found[0], ranges);
  });
  return (text: string) => firstRead(text, instructions);
});
