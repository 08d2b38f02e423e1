import { pathOf } from '../question.ts';
import { isEntryCount } from '../question-kinds/number.ts';
import type { Expression, Question } from '../questionnaire.ts';
import type { PlannedElement, PlannedNote, PlannedQuestion } from './interview-plan.ts';
import { pipedNames } from './piping.ts';
import { namesIn, namesOf, type QuestionReferences, refersTo, withComments } from './question-references.ts';

/** A part of a plan while it is made. */
export type Open<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * A question waits for what it reads. A text waits for those before it that it reads, and the questions behind it wait
 * with it: a stimulus comes before what asks about it.
 */
export function addDependencies(
  elements: readonly PlannedElement[],
  references: QuestionReferences,
  ends: readonly ReadonlySet<string>[],
): void {
  const questions = elements.filter((element): element is Open<PlannedQuestion> => 'question' in element);
  const read = readersOf(questions);
  const ending = new Set(ends.flatMap((reads) => [...read(reads)]));
  const passed = new Set<PlannedQuestion>();
  const readByTexts = new Set<PlannedQuestion>();
  for (const element of elements) {
    if ('note' in element) {
      const { text, visibleIf } = element.note;
      const reads = references.seenThrough([
        ...visibleIf.flatMap(namesIn),
        ...withComments(pipedNames(text)),
      ]);
      const own = [...read(reads)].filter((other) => passed.has(other));
      (element as Open<PlannedNote>).dependsOn = own;
      for (const other of own) readByTexts.add(other);
      continue;
    }
    const planned = element as Open<PlannedQuestion>;
    const headings = references.seenThrough(
      withComments(planned.groups.flatMap(({ title, description }) => pipedNames(`${title} ${description}`))),
    );
    const depends = new Set([
      ...read(references.namesReadBy(planned.question)),
      ...[...read(headings)].filter((other) => passed.has(other)),
      ...readByTexts,
      ...[...ending].filter((other) => other.page < planned.page),
    ]);
    depends.delete(planned);
    planned.dependsOn = [...depends];
    passed.add(planned);
  }
  addChecks(questions, (expression) => [...read(references.seenThrough(namesIn(expression)))]);
}

/** A question waits for what its checks read too, unless these wait for it. */
function addChecks(
  questions: readonly Open<PlannedQuestion>[],
  readBy: (expression: Expression) => PlannedQuestion[],
): void {
  const byExpression = new Map<Expression, PlannedQuestion[]>();
  for (const planned of questions) {
    planned.checks = planned.question.checks.map((check) => {
      const reads = byExpression.get(check.expression) ?? readBy(check.expression);
      byExpression.set(check.expression, reads);
      return { check, reads };
    });
  }
  for (const planned of questions)
    for (const { check, reads } of planned.checks) {
      if (check.isOfGroup === true) continue;
      const waited = reads.filter((other) => {
        const isMutual = other.checks.some((each) => each.reads.includes(planned));
        return other !== planned && !isMutual && !dependsOn(other, planned);
      });
      planned.dependsOn = [...new Set([...planned.dependsOn, ...waited])];
    }
}

function dependsOn(one: PlannedQuestion, other: PlannedQuestion): boolean {
  const seen = new Set<PlannedQuestion>();
  const open = [one];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === other) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...next.dependsOn);
  }
  return false;
}

/** How many entries a list has is read by the list's name: `{list.length}`. */
function namesReadOf(question: Question): readonly string[] {
  const names = namesOf(question);
  if (!isEntryCount(question)) return names;
  const list = pathOf(question.counts).toLowerCase();
  return [...names, list, `${list}.length`];
}

/** Which questions a set of names reads, each name looked up once. */
export function readersOf(
  questions: readonly PlannedQuestion[],
): (names: Iterable<string>) => Set<PlannedQuestion> {
  const names = questions.map((each) => [each, namesReadOf(each.question)] as const);
  const byName = new Map<string, readonly PlannedQuestion[]>();
  return (reads) => {
    const all = new Set<PlannedQuestion>();
    for (const name of reads) {
      const found = byName.get(name) ?? names.flatMap(([each, own]) => (refersTo(name, own) ? [each] : []));
      byName.set(name, found);
      for (const each of found) all.add(each);
    }
    return all;
  };
}
