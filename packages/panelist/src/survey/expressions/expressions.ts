import { ConditionRunner, ConditionsParser, ExpressionRunner, VariableGetterContext } from 'survey-core';
import type { Expression } from '../questionnaire.ts';

/** What an expression's functions may ask for besides the answers. */
export interface ExpressionContext {
  /** The moment that `today()`, `age()` and their like count from, in milliseconds since 1970. */
  readonly now: number;
  /** What a respondent would read for a question's value, or another, for `displayValue()`; `undefined` for no question. */
  readonly shown: (question: string, value?: unknown) => string | undefined;
  /** The values of SurveyJS's own names, `pageno`, `pagecount` and `locale`. Answers of the same name come first. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Far above the expressions of one survey; keeps a server that sees many surveys from growing for ever. */
const maxCached = 10_000;

/**
 * Whether something with these conditions is displayed: all must hold; without conditions it always is.
 *
 * The engine is SurveyJS's own, so a condition means here what it means in its editor. A question without an answer
 * is absent from `answers`, or `null` there. Each expression is parsed once per process.
 */
export function isVisible(
  conditions: readonly Expression[],
  answers: Readonly<Record<string, unknown>>,
  context?: ExpressionContext,
): boolean {
  return conditions.every((expression) => conditionOf(expression).run(answers, context) === true);
}

/** What an expression yields with these answers; `undefined` where it cannot be computed. Never throws. */
export function compute(
  expression: Expression,
  answers: Readonly<Record<string, unknown>>,
  context?: ExpressionContext,
): unknown {
  try {
    return calculatorOf(expression).run(answers, context) ?? undefined;
  } catch {
    return undefined;
  }
}

/** An expression that has been parsed. What a function yields later, `displayValue()` alone, is there at once as well. */
class Runner {
  readonly #runner: ConditionRunner | ExpressionRunner;
  #result: unknown;

  constructor(runner: ConditionRunner | ExpressionRunner) {
    this.#runner = runner;
    runner.onRunComplete = (result: unknown) => {
      this.#result = result;
    };
  }

  run(answers: Readonly<Record<string, unknown>>, context: ExpressionContext | undefined): unknown {
    this.#result = undefined;
    const result: unknown = this.#runner.runValues(answers, context && propertiesOf(answers, context));
    return this.#runner.isAsync ? this.#result : result;
  }
}

/** `survey`: the part of SurveyJS's survey that its functions read. `context`: where names without an answer are looked up. */
function propertiesOf(
  answers: Readonly<Record<string, unknown>>,
  { now, shown, variables }: ExpressionContext,
): Record<string, unknown> {
  return {
    survey: {
      isDisplayMode: false,
      dateProvider: { now: () => now },
      getValueGetterContext: () => new VariableGetterContext(answers),
      getQuestionByName: (name: string) => {
        const text = shown(name);
        const getDisplayValue = (_: unknown, value: unknown) => shown(name, value);
        return text === undefined ? null : { isReady: true, displayValue: text, getDisplayValue };
      },
    },
    context: new VariableGetterContext(variables),
  };
}

const conditions = new Map<Expression, Runner>();
const calculators = new Map<Expression, Runner>();

function conditionOf(expression: Expression): Runner {
  return cached(conditions, expression, () => new Runner(new ConditionRunner(expression)));
}

function calculatorOf(expression: Expression): Runner {
  return cached(calculators, expression, () => new Runner(new ExpressionRunner(expression)));
}

function cached<T>(known: Map<Expression, T>, expression: Expression, make: () => T): T {
  const found = known.get(expression);
  if (found !== undefined) return found;
  if (known.size >= maxCached) known.clear();
  const made = make();
  known.set(expression, made);
  return made;
}

export interface ExpressionParts {
  /** May end in `[index]` or `.length`. */
  readonly variables: readonly string[];
  readonly functions: readonly string[];
  /** How many operands and operators it has. */
  readonly terms: number;
}

const parts = new Map<Expression, ExpressionParts | null>();

/** What an expression reads and calls; `null` when it does not parse. Parsed once per process. */
export function expressionParts(expression: Expression): ExpressionParts | null {
  return cached(parts, expression, () => partsOf(expression));
}

function partsOf(expression: Expression): ExpressionParts | null {
  const root = new ConditionsParser().parseExpression(expression);
  if (!root) return null;
  const operands: (typeof root)[] = [];
  root.addOperandsToList(operands);
  const variables: string[] = [];
  root.setVariables(variables);
  const functions = operands.flatMap((operand) =>
    'functionName' in operand ? [String(operand.functionName)] : [],
  );
  return { variables, functions, terms: operands.length };
}
