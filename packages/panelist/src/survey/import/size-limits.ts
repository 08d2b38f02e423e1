import type { ImportProblems } from './import-problems.ts';

/** Levels of arrays and objects: beyond any survey, and far below what would exhaust the stack. */
const maxDepth = 100;
/** Entries of one list, and keys of one object: more than there may be questions or options. */
const maxEntries = 5_000;
/** Characters of one expression: some two thousand comparisons. SurveyJS's parser and linter recurse over them. */
const maxExpression = 10_000;
/** Characters of all expressions of a file together. */
const maxExpressions = 1_000_000;

/**
 * Reports what is too large in a survey file, before anything else reads it: SurveyJS's linter takes time that grows
 * with the square of a list.
 *
 * @throws SurveyError `SURVEY_INVALID` where anything is
 */
export function checkSize(survey: object, problems: ImportProblems): void {
  let expressions = 0;

  const check = (value: unknown, path: string, key: string, level: number): void => {
    if (typeof value === 'string') {
      if (!isExpression(key)) return;
      expressions += value.length;
      if (value.length > maxExpression)
        problems.invalid(
          { path, element: null },
          `${value.length} characters are too many for an expression; at most ${maxExpression}`,
        );
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    if (level > maxDepth) {
      problems.invalid({ path: '', element: null }, `it is nested more than ${maxDepth} levels deep`);
      return;
    }
    const isList = Array.isArray(value);
    const keys = Object.keys(value);
    if (keys.length > maxEntries) {
      const what = isList ? 'entries' : 'keys';
      problems.invalid({ path, element: null }, `${keys.length} ${what} are too many; at most ${maxEntries}`);
      return;
    }
    for (const each of keys) {
      const inside = isList ? `${path}[${each}]` : path === '' ? each : `${path}.${each}`;
      check((value as Record<string, unknown>)[each], inside, isList ? key : each, level + 1);
    }
  };
  check(survey, '', '', 1);
  if (expressions > maxExpressions)
    problems.invalid(
      { path: '', element: null },
      `its expressions have ${expressions} characters together; at most ${maxExpressions}`,
    );
  problems.throwIfAny();
}

/** `visibleIf`, `requiredIf`, `defaultValueExpression`, the `expression` of triggers and checks, `runExpression` … */
function isExpression(key: string): boolean {
  return /(?:If|expression)$/i.test(key);
}
