import { quote } from '@panelist/toolkit';
import { getRules, type ILintFinding, lintSurvey } from 'survey-core/linter';
import { closestTo } from '../../text/did-you-mean.ts';
import type { ImportProblems } from './import-problems.ts';
import { isCarried, isIgnored } from './surveyjs-properties.ts';

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
]);

/** The other rules are not run: those that evaluate constant expressions can be made to take any time and memory. */
const rules = Object.fromEntries(
  getRules()
    .filter(({ id }) => !fatalRules.has(id))
    .map(({ id }) => [id, 'off' as const]),
);

/** Has SurveyJS check the file by its own rules: misspelt properties, expressions, references, reserved names. */
export function lint(survey: object, problems: ImportProblems): void {
  for (const finding of findingsOf(survey, problems)) {
    const place = { path: finding.path, element: finding.elementName ?? null };
    const meant = meantText(finding);
    if (meant !== undefined) problems.invalid(place, `${finding.message} Did you mean ${quote(meant)}?`);
    else if (isFatal(finding)) problems.invalid(place, finding.message);
  }
}

/** The property that was most likely meant by one that would be lost with a text for the respondent in it. */
function meantText({ ruleId, message, messageData }: ILintFinding): string | undefined {
  if (ruleId !== 'property/unknown' || isMisspelt(message)) return undefined;
  const { className, key } = messageData as Readonly<Record<string, unknown>>;
  if (isCarried(String(className), String(key)) || isIgnored(String(className), String(key)))
    return undefined;
  const word = String(key).toLowerCase();
  if (otherNamesOfTitle.has(word)) return 'title';
  return closestTo(word, [
    'title',
    'description',
    'html',
    'choices',
    'visibleIf',
    'requiredIf',
    'isRequired',
  ]);
}

/** What other form builders, and people, call a question's text. */
const otherNamesOfTitle: ReadonlySet<string> = new Set([
  'label',
  'question',
  'questiontext',
  'question_text',
  'text',
  'caption',
  'prompt',
  'heading',
  'header',
  'titulo',
  'título',
  'titre',
  'titolo',
  'frage',
  'pregunta',
  '标题',
  '题目',
]);

/** The linter trusts types: a `type` that is a list, say, makes it throw. */
function findingsOf(survey: object, problems: ImportProblems): readonly ILintFinding[] {
  try {
    return lintSurvey(survey, { rules }).findings;
  } catch (error) {
    problems.invalid(
      { path: '', element: null },
      `SurveyJS cannot check it (${error}); something is of a wrong type, or nested too deep`,
    );
    return [];
  }
}

function isFatal({ ruleId, message, messageData }: ILintFinding): boolean {
  if (!fatalRules.has(ruleId)) return false;
  const { className, key } = messageData as Readonly<Record<string, unknown>>;
  if (ruleId === 'property/unknown')
    return (
      !isIgnored(String(className), String(key)) &&
      !isCarried(String(className), String(key)) &&
      (isMisspelt(message) || isLogic(String(key)))
    );
  // Looks may be odd; and its list of locales lacks `en`, and any that a front end adds.
  if (ruleId === 'property/invalid-value')
    return key !== 'locale' && !isIgnored(String(className), String(key));
  // Only questions must have a name: it keys their answer.
  if (ruleId === 'property/required')
    return !(key === 'name' && ['html', 'panel', 'page'].includes(String(className)));
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
