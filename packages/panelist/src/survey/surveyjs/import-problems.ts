import { PanelistError } from '../../panelist-error.ts';
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

interface Problem extends Place {
  readonly code: 'SURVEY_INVALID' | 'SURVEY_UNSUPPORTED';
  readonly text: string;
}

const inFileOrder = new Intl.Collator('en', { numeric: true });

/** More would hide the first ones. */
const maxListed = 50;

/** Gathers what is wrong with a survey file, so that all of it is reported at once. One place has one problem: the first. */
export class ImportProblems {
  readonly #found = new Map<string, Problem>();
  readonly #skipped = new Map<string, SkippedElement>();
  readonly #skips: boolean;

  /** @param unsupported whether what Panelist does not carry is left out and listed, or refused */
  constructor(unsupported: 'skip' | 'refuse') {
    this.#skips = unsupported === 'skip';
  }

  /** What was left out, in the file's order. */
  get skipped(): readonly SkippedElement[] {
    return [...this.#skipped.values()].sort((a, b) => inFileOrder.compare(a.path, b.path));
  }

  /** The file is not what SurveyJS, or good sense, wants there. */
  invalid(place: Place, text: string): void {
    this.#add({ ...place, code: 'SURVEY_INVALID', text });
  }

  /** The file is right, and Panelist cannot carry what it says. */
  unsupported(place: Place, text: string): void {
    if (!this.#skips) this.#add({ ...place, code: 'SURVEY_UNSUPPORTED', text });
    else if (!this.#skipped.has(place.path))
      this.#skipped.set(place.path, { path: place.path, element: place.element, reason: text });
  }

  /** @throws PanelistError `SURVEY_INVALID` if anything is invalid, else `SURVEY_UNSUPPORTED`, naming every place. */
  throwIfAny(): void {
    const problems = [...this.#found.values()].sort((a, b) => inFileOrder.compare(a.path, b.path));
    if (problems.length === 0) return;
    const isInvalid = problems.some((problem) => problem.code === 'SURVEY_INVALID');
    const lines = problems.slice(0, maxListed).map(line);
    if (problems.length > maxListed) lines.push(`… and ${problems.length - maxListed} more.`);
    const opening = isInvalid
      ? 'The survey is not valid'
      : 'The survey asks for what Panelist does not carry';
    const count = problems.length === 1 ? '' : `, in ${problems.length} places`;
    throw new PanelistError(
      isInvalid ? 'SURVEY_INVALID' : 'SURVEY_UNSUPPORTED',
      `${opening}${count}:\n${lines.map((text) => `  ${text}`).join('\n')}`,
    );
  }

  #add(problem: Problem): void {
    if (!this.#found.has(problem.path)) this.#found.set(problem.path, problem);
  }
}

function line({ path, element, text }: Problem): string {
  const name = element === null ? '' : ` (${JSON.stringify(shortened(element, 80))})`;
  // Paths and texts may quote the file.
  return terminalSafe(`${path === '' ? 'the survey' : path}${name}: ${text}`);
}
