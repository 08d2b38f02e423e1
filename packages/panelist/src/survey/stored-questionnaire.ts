import {
  boolean,
  count,
  kinds,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  type Shape,
  text,
} from '../stored/shapes.ts';
import {
  type AnswerValue,
  type Block,
  type Check,
  type ComputedValue,
  isScalar,
  type MultipleChoiceQuestion,
  type Note,
  type NumberDisplay,
  type NumberQuestion,
  type Option,
  type OptionsBase,
  type OptionValue,
  type Page,
  type PageElement,
  type QuestionBase,
  type Questionnaire,
  type RankingQuestion,
  type RatingQuestion,
  type SingleChoiceQuestion,
  type SkippedElement,
  type TextFormat,
  type TextQuestion,
  type Trigger,
} from './questionnaire.ts';

/** A value of an option. */
export const scalar: Shape<OptionValue> = (value) =>
  isScalar(value) ? null : 'a text, a number, true or false is expected';

const scalars = list(scalar);

export const answerValue: Shape<AnswerValue> = (value) =>
  Array.isArray(value) ? scalars(value) : scalar(value);

const texts = list(text);
const target: Shape<QuestionBase['target']> = list((entry) =>
  typeof entry === 'number' ? null : text(entry),
);
const order = oneOf('as-listed', 'random');

const base: { readonly [Name in keyof QuestionBase]-?: Shape<QuestionBase[Name]> } = {
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

const withOptions: { readonly [Name in keyof OptionsBase]-?: Shape<OptionsBase[Name]> } = {
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
};

const bounds = { minExpression: nullable(text), maxExpression: nullable(text) };
const selected = { minSelected: count, maxSelected: count };

const formats: readonly TextFormat[] = [
  ...(['plain', 'date', 'datetime-local', 'month', 'week', 'time', 'email', 'url', 'tel', 'color'] as const),
];

const element: Shape<PageElement> = kinds<PageElement>({
  note: object<Note>({ kind: oneOf('note'), text, visibleIf: texts }),
  block: object<Block>({
    kind: oneOf('block'),
    name: text,
    title: text,
    description: text,
    isGrid: boolean,
    visibleIf: texts,
    order,
    elements: (value) => elements(value),
  }),
  'single-choice': object<SingleChoiceQuestion>({ kind: oneOf('single-choice'), ...withOptions }),
  'multiple-choice': object<MultipleChoiceQuestion>({
    kind: oneOf('multiple-choice'),
    ...withOptions,
    ...selected,
  }),
  ranking: object<RankingQuestion>({ kind: oneOf('ranking'), ...withOptions, ...selected }),
  rating: object<RatingQuestion>({
    kind: oneOf('rating'),
    ...withOptions,
    minDescription: text,
    maxDescription: text,
  }),
  number: object<NumberQuestion>({
    kind: oneOf('number'),
    ...base,
    ...bounds,
    min: nullable(number),
    max: nullable(number),
    counts: nullable(object({ target, keepsEmpty: boolean })),
    step: nullable(number),
    integer: boolean,
    labels: list(object({ value: number, text })),
  }),
  text: object<TextQuestion>({
    kind: oneOf('text'),
    ...base,
    ...bounds,
    multiline: boolean,
    format: oneOf(...formats),
    earliest: nullable(text),
    latest: nullable(text),
    minLength: nullable(number),
    maxLength: nullable(number),
    mask: optional(object({ pattern: text, isDate: boolean })),
    patterns: list(object({ pattern: text, flags: text, message: text })),
  }),
});

const elements: Shape<readonly PageElement[]> = list(element);

const trigger: Shape<Trigger> = kinds<Trigger>({
  complete: object({ kind: oneOf('complete'), expression: text }),
  'set-value': object({ kind: oneOf('set-value'), expression: text, name: text, value: answerValue }),
  'copy-value': object({ kind: oneOf('copy-value'), expression: text, name: text, from: text }),
  'run-expression': object({ kind: oneOf('run-expression'), expression: text, name: text, run: text }),
  skip: object({ kind: oneOf('skip'), expression: text, to: text }),
  follow: object({ kind: oneOf('follow'), expression: text, name: text, run: text }),
  reset: object({ kind: oneOf('reset', 'clear'), expression: text, name: text }),
  clear: object({ kind: oneOf('reset', 'clear'), expression: text, name: text }),
});

/** A questionnaire as this version stores it with a task. */
export const storedQuestionnaire: Shape<Questionnaire> = object<Questionnaire>({
  title: text,
  description: text,
  locale: text,
  pages: list(
    object<Page>({ name: text, title: text, description: text, visibleIf: texts, order, elements }),
  ),
  computed: list(
    object<ComputedValue>({
      name: text,
      target,
      expression: text,
      isResult: boolean,
      visibleIf: texts,
      precision: nullable(number),
      display: nullable(
        object<NumberDisplay>({
          format: text,
          style: oneOf('none', 'decimal', 'currency', 'percent', 'date'),
          currency: text,
          useGrouping: boolean,
          minimumFractionDigits: nullable(number),
          maximumFractionDigits: nullable(number),
        }),
      ),
    }),
  ),
  triggers: list(trigger),
  lists: list(object({ target, count })),
  clearInvisibleValues: oneOf('onComplete', 'onHidden', 'none'),
  skipped: list(object<SkippedElement>({ path: text, element: nullable(text), reason: text })),
});
