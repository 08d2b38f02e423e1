import type { Template } from '../questionnaire.ts';

/** As SurveyJS reads it: braces that hold no brace and no colon. */
const placeholder = /\{([^{}:]+)\}/g;

/**
 * Puts earlier answers into a text. `shown` returns what a respondent reads for a question's answer, and `''` for one
 * without an answer; where it says `undefined`, the name is no question's and the braces stay as they stand. What is
 * put in is not searched again, so an answer that holds braces stays an answer.
 */
export function fillPiping(template: Template, shown: (name: string) => string | undefined): string {
  return template.replace(placeholder, (whole, inside: string) => shown(inside.trim()) ?? whole);
}

/** The names that a text pipes, trimmed, in its order, repeats included. */
export function pipedNames(template: Template): string[] {
  return [...template.matchAll(placeholder)].map((match) => (match[1] ?? '').trim());
}

/** Renames piped names; `renamed` returns `undefined` for one that stays as it is. */
export function renamePiping(template: Template, renamed: (name: string) => string | undefined): Template {
  return fillPiping(template, (name) => {
    const key = renamed(name);
    return key === undefined ? undefined : `{${key}}`;
  });
}
