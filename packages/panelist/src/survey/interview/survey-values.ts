import type { AnswerValue, QuestionBase } from '../questionnaire.ts';

/** SurveyJS's data of one respondent, as expressions read it. What has no value is absent. */
export type SurveyValues = Record<string, unknown>;

/** Nested objects without a prototype, so that a question may be called anything. */
export function emptyValues(): SurveyValues {
  return Object.create(null) as SurveyValues;
}

export type Target = readonly (string | number)[];

type Placed = Pick<QuestionBase, 'target'>;
type Container = Record<string | number, unknown>;

/** Lists whose entries count even where nothing in them is answered: those of dynamic panels. */
const entryLists = new WeakSet<object>();

export function valueAt(values: SurveyValues, question: Placed): AnswerValue | undefined {
  return valueIn(values, question.target) as AnswerValue | undefined;
}

function valueIn(values: SurveyValues, target: Target): unknown {
  let value: unknown = values;
  for (const step of target) {
    if (!isContainerOf(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/** Questions that share a value may differ in its shape: then each reads only what is of its own. */
function isContainerOf(value: unknown, step: string | number | undefined): value is Container {
  return typeof value === 'object' && value !== null && Array.isArray(value) === (typeof step === 'number');
}

/** Puts a value where SurveyJS has it; `undefined` takes it away, and what it was in if that is then empty. */
export function setValue(values: SurveyValues, question: Placed, value: AnswerValue | undefined): void {
  const target = question.target;
  const containers = containersOf(values, target, value !== undefined);
  if (containers === null) return;
  if (value !== undefined) (containers.at(-1) as Container)[target.at(-1) as string | number] = value;
  else removeFrom(containers, target);
}

/** Makes the list at `target` have so many entries. */
export function setEntryCount(values: SurveyValues, target: Target, count: number): void {
  const containers = containersOf(values, target, true) as Container[];
  const last = containers.at(-1) as Container;
  const step = target.at(-1) as string | number;
  const list = Array.isArray(last[step]) ? (last[step] as unknown[]) : [];
  list.length = Math.min(list.length, count);
  while (list.length < count) list.push(emptyValues());
  entryLists.add(list);
  last[step] = list;
}

/** The objects and lists on the way to a target, outermost first; `null` where one is missing and none is made. */
function containersOf(values: SurveyValues, target: Target, make: boolean): Container[] | null {
  const containers = [values as Container];
  for (const [index, step] of target.slice(0, -1).entries()) {
    const container = containers[index] as Container;
    if (!isContainerOf(container[step], target[index + 1])) {
      if (!make) return null;
      if (Array.isArray(container)) while (container.length < Number(step)) container.push(emptyValues());
      container[step] = typeof target[index + 1] === 'number' ? [] : emptyValues();
    }
    containers.push(container[step] as Container);
  }
  return containers;
}

/** `{grid} empty` must hold once no row has an answer; entries of a list keep their positions. */
function removeFrom(containers: readonly Container[], target: Target): void {
  for (let depth = containers.length - 1; depth >= 0; depth -= 1) {
    const container = containers[depth] as Container;
    const step = target[depth] as string | number;
    if (!Array.isArray(container)) delete container[step];
    else if (typeof container[step] === 'object') container[step] = emptyValues();
    else if (Number(step) < container.length - 1) container[step] = undefined;
    else container.length = Math.min(container.length, Number(step));
    if (!isEmpty(container)) return;
  }
}

function isEmpty(container: Container): boolean {
  if (entryLists.has(container)) return false;
  return Object.values(container).every(
    (each) =>
      each === undefined ||
      (Array.isArray(container) &&
        typeof each === 'object' &&
        each !== null &&
        Object.keys(each).length === 0),
  );
}

/**
 * What a path as expressions write it leads to, whatever its case: `grid.row`, `list[0].name`, `list.length`. Names may
 * have dots, and the longest comes first.
 */
export function valueByPath(values: SurveyValues, path: string): unknown {
  // Nearly every path is a name as it is written.
  if (Object.hasOwn(values, path)) return values[path];
  return follow(values, path.split(/(?=\.|\[-?\d+\])/));
}

function follow(value: unknown, parts: readonly string[]): unknown {
  const [first, ...others] = parts;
  if (first === undefined) return value;
  if (/^\.?length$/i.test(first) && (Array.isArray(value) || typeof value === 'string')) return value.length;
  if (Array.isArray(value)) return follow(value.at(Number(first.replace(/[.[\]]/g, ''))), others);
  if (typeof value !== 'object' || value === null) return undefined;
  const keys = Object.keys(value);
  for (let end = parts.length; end > 0; end -= 1) {
    const name = parts.slice(0, end).join('').replace(/^\./, '').toLowerCase();
    const key = keys.find((each) => each.toLowerCase() === name);
    if (key !== undefined) return follow((value as Container)[key], parts.slice(end));
  }
  return undefined;
}
