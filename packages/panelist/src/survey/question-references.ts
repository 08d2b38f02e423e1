import { namesPipedBy } from './asked-question.ts';
import { expressionParts } from './expressions.ts';
import type { Expression, Question, QuestionBase, Questionnaire } from './questionnaire.ts';

/** Which names each question must know before it can be asked, computed values and triggers seen through. */
export class QuestionReferences {
  /** Of a computed value, or a name that triggers set: what that hangs on. */
  readonly #behind = new Map<string, string[]>();

  constructor({ computed, triggers }: Pick<Questionnaire, 'computed' | 'triggers'>) {
    for (const { name, expression } of computed) this.#add(name, namesIn(expression));
    for (const trigger of triggers) {
      if (trigger.kind === 'complete') continue;
      this.#add(trigger.name, namesIn(trigger.expression));
      if (trigger.kind === 'copy-value') this.#add(trigger.name, [trigger.from]);
      if (trigger.kind === 'run-expression') this.#add(trigger.name, namesIn(trigger.run));
    }
  }

  /** In lower case, as SurveyJS compares them. */
  namesReadBy(question: Question): ReadonlySet<string> {
    const conditions = [...question.visibleIf, ...question.requiredIf, ...question.enableIf];
    if ('options' in question) conditions.push(...question.options.flatMap(({ visibleIf }) => visibleIf));
    const checked = question.checks.flatMap(({ expression }) => namesIn(expression));
    const own = namesOf(question);
    const set = own.flatMap((name) => this.#behind.get(name) ?? []);
    const names = [...conditions.flatMap(namesIn), ...namesPipedBy(question), ...checked, ...set];
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

export function namesIn(expression: Expression): string[] {
  return [...(expressionParts(expression)?.variables ?? [])];
}

/** What expressions may call a question, in lower case: its name, and the path of its value. */
export function namesOf({ name, target }: Pick<QuestionBase, 'name' | 'target'>): readonly string[] {
  const path = target
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('');
  return path === '' || path === name ? [name.toLowerCase()] : [name.toLowerCase(), path.toLowerCase()];
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
