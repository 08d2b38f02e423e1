import {
  boolean,
  count,
  list,
  nullable,
  object,
  oneOf,
  optional,
  type Shape,
  text,
} from '../../stored/shapes.ts';
import {
  type AnswerValue,
  type Check,
  isScalar,
  type Option,
  type OptionsBase,
  type OptionValue,
  type QuestionBase,
} from '../question.ts';

/** The shapes that stored questions of all kinds have in common. */

/** A value of an option. */
export const scalar: Shape<OptionValue> = (value) =>
  isScalar(value) ? null : 'a text, a number, true or false is expected';

const scalars = list(scalar);

export const answerValue: Shape<AnswerValue> = (value) =>
  Array.isArray(value) ? scalars(value) : scalar(value);

export const texts: Shape<readonly string[]> = list(text);

export const target: Shape<QuestionBase['target']> = list((entry) =>
  typeof entry === 'number' ? null : text(entry),
);

export const order: Shape<'as-listed' | 'random'> = oneOf('as-listed', 'random');

type Members<T> = { readonly [Name in keyof T]-?: Shape<T[Name]> };

export const base: Members<QuestionBase> = {
  name: text,
  target,
  path: text,
  stem: text,
  title: text,
  description: text,
  isRequired: boolean,
  requiredIf: texts,
  visibleIf: texts,
  enableIf: texts,
  defaultValue: nullable(answerValue),
  defaultExpression: nullable(text),
  checks: list(
    object<Check>({ expression: text, allowsUnknown: boolean, isOfGroup: optional(boolean), message: text }),
  ),
  uniqueAmong: optional(text),
};

export const withOptions: Members<OptionsBase> = {
  ...base,
  options: list(
    object<Option>({
      value: scalar,
      text,
      visibleIf: texts,
      role: oneOf('plain', 'other', 'none', 'refused', 'dont-know'),
      isExclusive: boolean,
      isPinned: optional(boolean),
      isSpecial: optional(boolean),
    }),
  ),
  optionOrder: order,
  isOrdinal: boolean,
  measurementLevel: optional(oneOf('nominal', 'ordinal')),
};

/** Further bounds, computed from the answers. */
export const computedBounds: Members<{ minExpression: string | null; maxExpression: string | null }> = {
  minExpression: nullable(text),
  maxExpression: nullable(text),
};
/** How many options may be chosen. */
export const selectionBounds: Members<{ minSelected: number; maxSelected: number }> = {
  minSelected: count,
  maxSelected: count,
};
