import { shortened } from '../../text/shortened.ts';
import { expressionParts } from '../expressions/expressions.ts';
import { pipedNames, renamePiping } from '../interview/piping.ts';
import type { Expression, Template } from '../questionnaire.ts';
import type { ImportProblems, Place } from './import-problems.ts';
import { asWritten } from './references.ts';

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
 * Functions that answer alike whenever they run again: those that read the clock read the moment at which the survey
 * was deployed. The others of SurveyJS read what is on the screen, or are a page's own.
 */
const carriedFunctions: ReadonlySet<string> = new Set([
  'age',
  'avg',
  'avgInArray',
  'count',
  'countInArray',
  'currentDate',
  'currentYear',
  'dateAdd',
  'dateDiff',
  'day',
  'diffDays',
  'displayValue',
  'getDate',
  'getYear',
  'iif',
  'isDisplayMode',
  'max',
  'maxInArray',
  'min',
  'minInArray',
  'month',
  'round',
  'substring',
  'sum',
  'sumInArray',
  'today',
  'trunc',
  'weekday',
  'year',
]);

/** Names that SurveyJS itself gives a value. */
const ownNames: ReadonlySet<string> = new Set(['pageno', 'pagecount', 'locale']);

/** Whether what is in braces could have been meant as a question's name. */
export function isNameLike(inBraces: string): boolean {
  return /^[\p{L}_#$][\p{L}\p{N}_.$[\]# -]*$/u.test(inBraces);
}

/** The questions of one survey by name, which SurveyJS reads without regard to case. */
export class QuestionNames {
  readonly #byName = new Map<string, NamedQuestion>();
  /** Names of questions of the file that Panelist does not ask. */
  readonly #notAsked = new Set<string>();
  readonly #problems: ImportProblems;

  constructor(problems: ImportProblems) {
    this.#problems = problems;
  }

  add(question: NamedQuestion): void {
    this.#byName.set(question.key.toLowerCase(), question);
  }

  addNotAsked(name: string): void {
    this.#notAsked.add(name.toLowerCase());
  }

  /** For a value that questions share under a name that is none of theirs. */
  addPath(path: string, page: number): void {
    if (!this.#byName.has(path.toLowerCase())) this.add({ key: path, page, pipesText: true });
  }

  /** Checks that a condition on page `page` reads only what is known by then; returns whether it can be evaluated. */
  checkCondition(expression: Expression, place: Place, page: number): boolean {
    const parts = expressionParts(expression);
    const condition = `the condition ${JSON.stringify(shortened(asWritten(expression), 200))}`;
    if (parts === null) {
      this.#problems.invalid(place, `${condition} cannot be read`);
      return false;
    }
    const unknown = parts.functions.filter((name) => !carriedFunctions.has(name));
    for (const name of unknown)
      this.#problems.unsupported(place, `${condition} calls ${name}(), which is not carried`);
    for (const variable of parts.variables) this.#checkReference(variable, `${condition} reads`, place, page);
    return unknown.length === 0;
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
      this.#checkReference(name, 'the text shows', place, page);
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

  #checkReference(name: string, verb: string, place: Place, page: number): void {
    if (ownNames.has(name.toLowerCase())) return;
    const question = this.#find(name);
    const isNotAsked = this.#notAsked.has((/^[^.[]*/.exec(name)?.[0] ?? '').toLowerCase());
    if (!question)
      this.#problems.unsupported(
        place,
        `${verb} {${name}}, which ${isNotAsked ? 'cannot be asked' : "is not a question of this survey: its name is misspelt, or a page's code sets it"}`,
      );
    else if (question.page > page)
      this.#problems.unsupported(
        place,
        `${verb} {${name}}, which is asked only on a later page (pages[${question.page}])`,
      );
  }
}
