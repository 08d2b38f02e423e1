import { expressionParts } from '../expressions.ts';
import { pipedNames, renamePiping } from '../piping.ts';
import type { Expression, Template } from '../questionnaire.ts';
import type { ImportProblems, Place } from './import-problems.ts';

/** What conditions and piping need to know of a question. */
export interface NamedQuestion {
  /** The key of its answer. */
  readonly key: string;
  /** The index of the page that it is on. */
  readonly page: number;
  /** Whether a text that pipes its answer shows the option's text, as is usual, or its bare value. */
  readonly pipesText: boolean;
}

/**
 * The functions that answer alike whenever and wherever they run. SurveyJS has others, which read the clock or what
 * is on the screen: a resumed interview could branch differently.
 */
const carriedFunctions: ReadonlySet<string> = new Set([
  'avg',
  'avgInArray',
  'count',
  'countInArray',
  'dateAdd',
  'dateDiff',
  'day',
  'iif',
  'max',
  'maxInArray',
  'min',
  'minInArray',
  'month',
  'round',
  'substring',
  'sum',
  'sumInArray',
  'trunc',
  'weekday',
  'year',
]);

/** Whether what stands in braces could have been meant as a question's name. */
export function isNameLike(inBraces: string): boolean {
  return /^[\p{L}_#$][\p{L}\p{N}_.$[\]# -]*$/u.test(inBraces);
}

/** The questions of one survey by name, which SurveyJS reads without regard to case. */
export class QuestionNames {
  readonly #byName = new Map<string, NamedQuestion>();
  readonly #problems: ImportProblems;

  constructor(problems: ImportProblems) {
    this.#problems = problems;
  }

  add(question: NamedQuestion): void {
    this.#byName.set(question.key.toLowerCase(), question);
  }

  /** Checks that a condition on page `page` reads only what is known by then. */
  checkCondition(expression: Expression, place: Place, page: number): void {
    const parts = expressionParts(expression);
    if (parts === null) {
      this.#problems.invalid(place, `the condition ${JSON.stringify(expression)} cannot be read`);
      return;
    }
    for (const name of parts.functions)
      if (!carriedFunctions.has(name))
        this.#problems.unsupported(place, `the condition calls ${name}(), which Panelist does not carry yet`);
    for (const variable of parts.variables) {
      const question = this.#find(variable);
      this.#checkReference(question, variable, 'the condition reads', place, page);
    }
  }

  /** Checks what a text on page `page` pipes, and writes each question there by its answer's key. */
  resolvePiping(text: Template, place: Place, page: number): Template {
    for (const name of pipedNames(text)) {
      const question = this.#find(name);
      if (!question && !isNameLike(name)) continue;
      if (question && !question.pipesText)
        this.#problems.unsupported(
          place,
          `{${name}} shows a bare value (useDisplayValuesInDynamicTexts: false)`,
        );
      this.#checkReference(question, name, 'the text shows', place, page);
    }
    return renamePiping(text, (name) => this.#byName.get(name.toLowerCase())?.key);
  }

  /** `grid.row`, `list[0]` and `list.length` are of `grid` and `list`, if they are nothing of their own. */
  #find(name: string): NamedQuestion | undefined {
    const read = name.toLowerCase();
    for (
      let end = read.length;
      end > 0;
      end = Math.max(read.lastIndexOf('.', end - 1), read.lastIndexOf('[', end - 1))
    ) {
      const found = this.#byName.get(read.slice(0, end));
      if (found) return found;
    }
    return undefined;
  }

  #checkReference(
    question: NamedQuestion | undefined,
    name: string,
    verb: string,
    place: Place,
    page: number,
  ): void {
    if (!question)
      this.#problems.unsupported(place, `${verb} {${name}}, which is not a question that Panelist asks`);
    else if (question.page > page)
      this.#problems.unsupported(
        place,
        `${verb} {${name}}, which is asked only on a later page (pages[${question.page}])`,
      );
  }
}
