import { PanelistError, type PanelistErrorData } from '../../panelist-error.ts';
import { shortened } from '../../text/shortened.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';
import type { SkippedElement } from '../questionnaire.ts';

/** Where something is in a survey file. */
export interface Place {
  /** `pages[0].elements[2].title`; empty for the survey itself. */
  readonly path: string;
  /** The name of the element around it, where it has one. */
  readonly element: string | null;
}

export function within(place: Place, key: string): Place {
  return { ...place, path: place.path === '' ? key : `${place.path}.${key}` };
}

export interface SurveyProblem extends Place {
  readonly code: 'SURVEY_INVALID' | 'SURVEY_UNSUPPORTED';
  readonly text: string;
  /** Set if a list of choices for the question would solve it. */
  readonly lacksChoices?: true;
}

/** A survey that cannot be imported. */
export class SurveyError extends PanelistError {
  declare readonly code: SurveyProblem['code'];
  /** All that is wrong with it, in the file's order; the message names the first of them. */
  readonly problems: readonly SurveyProblem[];

  constructor(
    code: SurveyProblem['code'],
    message: string,
    problems: readonly SurveyProblem[],
    options?: ErrorOptions,
  ) {
    super(code, message, {
      ...options,
      data: code === 'SURVEY_UNSUPPORTED' ? unsupportedData(problems) : undefined,
    });
    this.problems = problems;
  }
}

/** `undefined` where leaving out what cannot be carried would leave nothing. */
function unsupportedData(problems: readonly SurveyProblem[]): PanelistErrorData | undefined {
  if (problems.some(({ path }) => path === '')) return undefined;
  const withoutChoices = new Set<string>();
  let others = 0;
  for (const { element, lacksChoices } of problems) {
    if (element !== null && lacksChoices) withoutChoices.add(element);
    else others += 1;
  }
  return { reason: 'survey-unsupported', withoutChoices: [...withoutChoices], others };
}

/** The places in the file's order. The collator is made here since making it takes a tenth of the start of `panelist`. */
function inFileOrder<T extends Place>(places: Iterable<T>): T[] {
  const { compare } = new Intl.Collator('en', { numeric: true });
  return [...places].sort((a, b) => compare(a.path, b.path));
}

/** More would hide the first ones. */
const maxListed = 50;

/** Gathers what is wrong with a survey file, so that all of it is reported at once. One place has one problem: the first. */
export class ImportProblems {
  readonly #found = new Map<string, SurveyProblem>();
  readonly #skipped = new Map<string, SkippedElement>();
  readonly #skips: boolean;

  /** @param unsupported whether what Panelist does not carry is left out and listed, or refused */
  constructor(unsupported: 'skip' | 'refuse') {
    this.#skips = unsupported === 'skip';
  }

  /** What was left out, in the file's order. */
  get skipped(): readonly SkippedElement[] {
    return inFileOrder(this.#skipped.values());
  }

  /** The file is not what SurveyJS, or good sense, wants there. */
  invalid(place: Place, text: string): void {
    this.#add({ ...place, code: 'SURVEY_INVALID', text });
  }

  /** The file is right, and Panelist cannot carry what it says. */
  unsupported(place: Place, text: string, more: Pick<SurveyProblem, 'lacksChoices'> = {}): void {
    // The survey itself cannot be left out.
    if (!this.#skips || place.path === '') this.#add({ ...place, code: 'SURVEY_UNSUPPORTED', text, ...more });
    else if (!this.#skipped.has(place.path))
      this.#skipped.set(place.path, { path: place.path, element: place.element, reason: text });
  }

  /** @throws SurveyError `SURVEY_INVALID` if anything is invalid, else `SURVEY_UNSUPPORTED`, naming every place. */
  throwIfAny(): void {
    const problems = inFileOrder(this.#found.values());
    if (problems.length === 0) return;
    const isInvalid = problems.some((problem) => problem.code === 'SURVEY_INVALID');
    const lines = problems.slice(0, maxListed).map(placedText);
    if (problems.length > maxListed) lines.push(`… and ${problems.length - maxListed} more.`);
    const opening = isInvalid
      ? 'The survey is not valid'
      : 'The survey asks for what Panelist does not carry';
    const count = problems.length === 1 ? '' : `, in ${problems.length} places`;
    throw new SurveyError(
      isInvalid ? 'SURVEY_INVALID' : 'SURVEY_UNSUPPORTED',
      `${opening}${count}:\n${lines.map((text) => `  ${text}`).join('\n')}`,
      problems,
    );
  }

  #add(problem: SurveyProblem): void {
    if (!this.#found.has(problem.path)) this.#found.set(problem.path, problem);
  }
}

/** One line for people, such as `elements[0] ("age"): it has no title`. */
export function placedText({ path, element, text }: Place & { readonly text: string }): string {
  const name = element === null ? '' : ` (${JSON.stringify(shortened(element, 80))})`;
  // Paths and texts may quote the file.
  return terminalSafe(`${path === '' ? 'the survey' : path}${name}: ${text}`);
}
