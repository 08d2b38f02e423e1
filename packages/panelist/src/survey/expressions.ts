import { ConditionRunner, ConditionsParser, ExpressionRunner } from 'survey-core';
import type { Expression } from './questionnaire.ts';

/** Far above the expressions of one survey; keeps a server that sees many surveys from growing for ever. */
const maxCached = 10_000;
const runners = new Map<Expression, ConditionRunner>();

/**
 * Whether something with these conditions is shown: all must hold, and none means always.
 *
 * The engine is SurveyJS's own, so a condition means here what it means in its editor. A question without an answer
 * is absent from `answers`, or `null` there. Each expression is parsed once per process.
 */
export function isVisible(
  conditions: readonly Expression[],
  answers: Readonly<Record<string, unknown>>,
): boolean {
  return conditions.every((expression) => runnerOf(expression).runValues(answers));
}

const calculators = new Map<Expression, ExpressionRunner>();

/** What an expression yields with these answers; `undefined` where it cannot be computed. Never throws. */
export function compute(expression: Expression, answers: Readonly<Record<string, unknown>>): unknown {
  let calculator = calculators.get(expression);
  if (!calculator) {
    if (calculators.size >= maxCached) calculators.clear();
    calculator = new ExpressionRunner(expression);
    calculators.set(expression, calculator);
  }
  try {
    return calculator.runValues(answers) ?? undefined;
  } catch {
    return undefined;
  }
}

function runnerOf(expression: Expression): ConditionRunner {
  const cached = runners.get(expression);
  if (cached) return cached;
  if (runners.size >= maxCached) runners.clear();
  const runner = new ConditionRunner(expression);
  runners.set(expression, runner);
  return runner;
}

/** What an expression reads and calls; `null` when it does not parse. Variables may end in `[index]` or `.length`. */
export function expressionParts(
  expression: Expression,
): { readonly variables: readonly string[]; readonly functions: readonly string[] } | null {
  const root = new ConditionsParser().parseExpression(expression);
  if (!root) return null;
  const operands: (typeof root)[] = [];
  root.addOperandsToList(operands);
  const variables: string[] = [];
  root.setVariables(variables);
  const functions = operands.flatMap((operand) =>
    'functionName' in operand ? [String(operand.functionName)] : [],
  );
  return { variables, functions };
}
