import { type ILintFinding, lintSurvey } from 'survey-core/linter';
import type { ImportProblems } from './import-problems.ts';
import { isNameLike } from './question-names.ts';
import { isIgnored } from './surveyjs-properties.ts';

/**
 * The rules of SurveyJS's linter that mean that the file does not say what its author thinks. Left out: types,
 * duplicates and functions, which are judged elsewhere by what Panelist can carry; and suspicions, such as a condition
 * that can never hold, which published instruments have and SurveyJS runs.
 */
const fatalRules: ReadonlySet<string> = new Set([
  'choices/duplicate',
  'element/count-contradiction',
  'expression/syntax',
  'name/reserved',
  'property/invalid-value',
  'property/not-an-array',
  'property/required',
  'property/unknown',
  'reference/self',
  'reference/unknown',
  'validator/unknown-type',
]);

/** Has SurveyJS check the file by its own rules: misspelt properties, expressions, references, reserved names. */
export function lint(survey: object, problems: ImportProblems): void {
  for (const finding of findingsOf(survey, problems)) {
    if (isFatal(finding))
      problems.invalid({ path: finding.path, element: finding.elementName ?? null }, finding.message);
  }
}

/** The linter trusts types: a `type` that is a list, say, makes it throw. */
function findingsOf(survey: object, problems: ImportProblems): readonly ILintFinding[] {
  try {
    return lintSurvey(survey).findings;
  } catch (error) {
    problems.invalid(
      { path: '', element: null },
      `SurveyJS cannot check it (${error}); something is of a wrong type`,
    );
    return [];
  }
}

function isFatal({ ruleId, message, messageData }: ILintFinding): boolean {
  if (!fatalRules.has(ruleId)) return false;
  const { className, key, name, refKind } = messageData as Readonly<Record<string, unknown>>;
  if (ruleId === 'property/unknown')
    return !isIgnored(String(className), String(key)) && (isMisspelt(message) || isLogic(String(key)));
  // Looks may be odd; and its list of locales lacks `en`, and any that a front end adds.
  if (ruleId === 'property/invalid-value')
    return key !== 'locale' && !isIgnored(String(className), String(key));
  // Only questions must have a name: it keys their answer.
  if (ruleId === 'property/required')
    return !(key === 'name' && ['html', 'panel', 'page'].includes(String(className)));
  // Braces in a text may be mere braces: "the set {1, 2}".
  if (ruleId === 'reference/unknown' && refKind === 'textPiping') return isNameLike(String(name));
  return true;
}

/** Published instruments carry properties of their authors' front ends; a slip of the pen is another matter. */
function isMisspelt(message: string): boolean {
  return message.includes('Did you mean');
}

/** Under whatever name, it was to decide what is asked. */
function isLogic(key: string): boolean {
  return /^(is)?(requ|visib|enab)|(if|when|condition|expression|order|logic|validator)s?$/i.test(key);
}
