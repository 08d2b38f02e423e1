import { quote } from '@panelist/toolkit';
import { type ImportProblems, type Place, within } from './import-problems.ts';
import type { QuestionNames } from './question-names.ts';
import { isObject } from './survey-node.ts';
import type { QuestionClass } from './surveyjs-properties.ts';

/** A survey file's shape, before anything in it is read: who is in whom, of which type, and where. */
export interface RawPage {
  readonly raw: object;
  readonly place: Place;
  readonly index: number;
  readonly elements: readonly RawElement[];
}

export interface RawElement {
  readonly raw: object;
  readonly place: Place;
  readonly type: QuestionClass | 'html' | 'panel';
  /** Of a panel; else empty. */
  readonly elements: readonly RawElement[];
}

const maxQuestions = 2_000;
const maxPanelDepth = 20;

const askedTypes: ReadonlySet<unknown> = new Set<QuestionClass>([
  'radiogroup',
  'dropdown',
  'checkbox',
  'rating',
  'boolean',
  'text',
  'comment',
]);

/** Reads the shape of a survey, and enters its questions into `names`. */
export class SurveyTree {
  readonly pages: readonly RawPage[];
  readonly #problems: ImportProblems;
  readonly #names: QuestionNames;
  /** By key in lower case; `isShared` where a `valueName` says the key, which several questions may. */
  readonly #questions = new Map<string, { readonly place: Place; readonly isShared: boolean }>();

  constructor(survey: Readonly<Record<string, unknown>>, problems: ImportProblems, names: QuestionNames) {
    this.#problems = problems;
    this.#names = names;
    this.pages = this.#pages(survey);
    const root: Place = { path: '', element: null };
    if (this.#questions.size > maxQuestions)
      problems.invalid(
        root,
        `it has ${this.#questions.size} questions; at most ${maxQuestions} can be asked`,
      );
    if (this.#questions.size === 0) problems.invalid(root, 'it has no questions');
  }

  #pages(survey: Readonly<Record<string, unknown>>): RawPage[] {
    const listed = this.#list(survey, ['pages'], { path: '', element: null });
    const pages = listed.flatMap(({ raw, place }, index) => {
      if (isObject(raw))
        return [{ raw, place: named(place, raw), index, elements: this.#elements(raw, place, index, 0) }];
      this.#problems.invalid(place, `a page must be an object, not ${quote(raw)}`);
      return [];
    });
    // A survey may have its elements without a page around them.
    const loose = this.#elements(survey, { path: '', element: null }, listed.length, 0);
    if (loose.length === 0) return pages;
    return [...pages, { raw: {}, place: { path: '', element: null }, index: listed.length, elements: loose }];
  }

  #elements(
    parent: Readonly<Record<string, unknown>>,
    place: Place,
    page: number,
    depth: number,
  ): RawElement[] {
    if (depth > maxPanelDepth) {
      this.#problems.invalid(place, `panels are nested more than ${maxPanelDepth} deep`);
      return [];
    }
    return this.#list(parent, ['elements', 'questions'], place).flatMap((item) =>
      this.#element(item.raw, item.place, page, depth),
    );
  }

  #element(raw: unknown, place: Place, page: number, depth: number): RawElement[] {
    if (!isObject(raw)) {
      this.#problems.invalid(place, `an element must be an object, not ${quote(raw)}`);
      return [];
    }
    const at = named(place, raw);
    const { type } = raw;
    if (type === 'panel')
      return [{ raw, place: at, type, elements: this.#elements(raw, at, page, depth + 1) }];
    if (type === 'html') return [{ raw, place: at, type, elements: [] }];
    if (typeof type !== 'string') {
      this.#problems.invalid(
        at,
        type === undefined ? 'it has no "type"' : `its "type" must be a text, not ${quote(type)}`,
      );
      return [];
    }
    if (!isAsked(type)) {
      this.#problems.unsupported(
        at,
        `the type ${quote(type)} cannot be asked; Panelist asks ${[...askedTypes].join(', ')}, and shows html and panel`,
      );
    }
    this.#enter(raw, at, page);
    return isAsked(type) ? [{ raw, place: at, type, elements: [] }] : [];
  }

  /** SurveyJS finds a question by its `valueName`, else its `name`, whatever its case. */
  #enter(raw: Readonly<Record<string, unknown>>, place: Place, page: number): void {
    const key = answerKey(raw);
    if (key === null) return;
    const other = this.#questions.get(key.toLowerCase());
    const isShared = typeof raw.valueName === 'string' && raw.valueName !== '';
    if (other && (isShared || other.isShared))
      this.#problems.unsupported(
        place,
        `its answer is also that of the question at ${other.place.path} (valueName ${quote(key)}); shared answers are not carried yet`,
      );
    else if (other)
      this.#problems.invalid(
        place,
        `${quote(key)} is already the name of the question at ${other.place.path}`,
      );
    this.#questions.set(key.toLowerCase(), other ?? { place, isShared });
    this.#names.add({ key, page, pipesText: pipesText(raw) });
  }

  #list(
    parent: Readonly<Record<string, unknown>>,
    keys: readonly string[],
    place: Place,
  ): { raw: unknown; place: Place }[] {
    return keys.flatMap((key) => {
      const list = parent[key] ?? [];
      const at = within(place, key);
      if (Array.isArray(list))
        return list.map((raw: unknown, i) => ({ raw, place: { path: `${at.path}[${i}]`, element: null } }));
      this.#problems.invalid(at, `must be a list, not ${quote(list)}`);
      return [];
    });
  }
}

/** The key under which a question's answer is recorded; `null` when the file gives it no usable name. */
export function answerKey(raw: object): string | null {
  const { valueName, name } = raw as Readonly<Record<string, unknown>>;
  const key = typeof valueName === 'string' && valueName !== '' ? valueName : name;
  return typeof key === 'string' && key !== '' ? key : null;
}

function pipesText(raw: Readonly<Record<string, unknown>>): boolean {
  return raw.useDisplayValuesInDynamicTexts !== false && raw.useDisplayValuesInTitle !== false;
}

function named(place: Place, raw: Readonly<Record<string, unknown>>): Place {
  return typeof raw.name === 'string' ? { ...place, element: raw.name } : place;
}

function isAsked(type: string): type is QuestionClass {
  return askedTypes.has(type);
}
