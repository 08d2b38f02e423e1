import {
  boolean,
  count,
  kinds,
  list,
  nullable,
  number,
  object,
  oneOf,
  type Shape,
  text,
} from '../stored/shapes.ts';
import { storedQuestions } from './question-kinds/index.ts';
import { answerValue, order, target, texts } from './question-kinds/stored-question.ts';
import type {
  Block,
  ComputedValue,
  Note,
  NumberDisplay,
  Page,
  PageElement,
  Questionnaire,
  SkippedElement,
  Trigger,
} from './questionnaire.ts';

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
  ...storedQuestions,
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
