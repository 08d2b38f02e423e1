import { expressionParts } from '../expressions/expressions.ts';
import { namesPipedBy } from '../prompt/asked-question.ts';
import { pathOf } from '../question.ts';
import type { Expression, Question, QuestionBase, Questionnaire } from '../questionnaire.ts';

/** Which names each question must know before it can be asked, computed values and triggers seen through. */
export class QuestionReferences {
  /** Of a computed value, or a name that triggers set: what that depends on. */
  readonly #behind = new Map<string, string[]>();

  constructor({ computed, triggers }: Pick<Questionnaire, 'computed' | 'triggers'>) {
    for (const each of computed) for (const name of namesOf(each)) this.#add(name, namesIn(each.expression));
    for (const trigger of triggers) {
      if (!('name' in trigger)) continue;
      this.#add(trigger.name, namesIn(trigger.expression));
      if ('from' in trigger) this.#add(trigger.name, [trigger.from]);
      if ('run' in trigger) this.#add(trigger.name, namesIn(trigger.run));
    }
  }

  /** In lower case, as SurveyJS compares them. */
  namesReadBy(question: Question): ReadonlySet<string> {
    const conditions = [...question.visibleIf, ...question.requiredIf, ...question.enableIf];
    if (question.defaultExpression !== null) conditions.push(question.defaultExpression);
    if ('minExpression' in question)
      conditions.push(...[question.minExpression, question.maxExpression].filter((each) => each !== null));
    if ('options' in question) conditions.push(...question.options.flatMap(({ visibleIf }) => visibleIf));
    const own = namesOf(question);
    const set = own.flatMap((name) => this.#behind.get(name) ?? []);
    const names = [...conditions.flatMap(namesIn), ...withComments(namesPipedBy(question)), ...set];
    const all = this.seenThrough(names);
    for (const name of own) all.delete(name);
    return all;
  }

  seenThrough(names: readonly string[]): Set<string> {
    const all = new Set<string>();
    const open = names.map((name) => name.toLowerCase());
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      if (all.has(name)) continue;
      all.add(name);
      open.push(...(this.#behind.get(name) ?? []));
    }
    return all;
  }

  #add(name: string, names: readonly string[]): void {
    const key = name.toLowerCase();
    const known = this.#behind.get(key) ?? [];
    known.push(...names.map((each) => each.toLowerCase()));
    this.#behind.set(key, known);
  }
}

/** A text that shows an answer shows what was written for "Other" too. */
export function withComments(piped: readonly string[]): string[] {
  return piped.flatMap((name) => [name, `${name}-Comment`, `${name}-other-Comment`]);
}

export function namesIn(expression: Expression): string[] {
  return [...(expressionParts(expression)?.variables ?? [])];
}

/** What expressions may call a question, in lower case: its name, and the path of its value. */
export function namesOf({ name, target }: Pick<QuestionBase, 'name' | 'target'>): readonly string[] {
  const path = pathOf({ target });
  return path === name ? [name.toLowerCase()] : [name.toLowerCase(), path.toLowerCase()];
}

/**
 * Whether a name that an expression reads may be the question of these names: `grid.row`, `grid`, `q[0]` and
 * `q.length` all read of it. Too many are harmless: the question is only asked later. All in lower case.
 */
export function refersTo(read: string, names: readonly string[]): boolean {
  return names.some((name) => read === name || isPart(read, name) || isPart(name, read));
}

function isPart(part: string, whole: string): boolean {
  return part.startsWith(whole) && /^[.[]/.test(part.slice(whole.length));
}
