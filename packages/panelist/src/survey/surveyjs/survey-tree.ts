import { quote } from '@panelist/toolkit';
import { expandGrid, type RawCell, type RawGroup } from './expand-grid.ts';
import { expandPanels } from './expand-panels.ts';
import { type ImportProblems, type Place, within } from './import-problems.ts';
import type { QuestionNames } from './question-names.ts';
import { expressionLiteral } from './references.ts';
import { isObject } from './survey-node.ts';
import { answerKey, canonical, type GridClass, type QuestionClass } from './surveyjs-properties.ts';

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
  /** `grid`: the block around the cells of what is asked as several questions. */
  readonly type: QuestionClass | 'html' | 'image' | 'panel' | 'grid';
  /** Of a panel or a grid; else empty. */
  readonly elements: readonly RawElement[];
  /** Of a grid, the class that it is of. */
  readonly gridClass?: GridClass;
  /** Of a cell: what it is called, and where its value stands in SurveyJS's data. */
  readonly cell?: Cell;
}

export interface Cell {
  readonly name: string;
  readonly target: readonly (string | number)[];
}

/** What an `expression` question or a calculated value computes. */
export interface RawComputed {
  readonly raw: object;
  readonly place: Place;
  readonly type: 'expression' | 'calculatedvalue';
}

const maxQuestions = 2_000;
const maxPanelDepth = 20;

const askedTypes: ReadonlySet<unknown> = new Set<QuestionClass>([
  'radiogroup',
  'dropdown',
  'buttongroup',
  'imagepicker',
  'checkbox',
  'tagbox',
  'ranking',
  'rating',
  'boolean',
  'text',
  'comment',
  'slider',
]);
const gridTypes: ReadonlySet<unknown> = new Set<GridClass>([
  'matrix',
  'matrixdropdown',
  'matrixdynamic',
  'multipletext',
  'paneldynamic',
]);

/** Reads the shape of a survey, and enters its questions into `names`. */
export class SurveyTree {
  readonly pages: readonly RawPage[];
  readonly computed: RawComputed[] = [];
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
    if (type === 'html' || type === 'image') return [{ raw, place: at, type, elements: [] }];
    if (type === 'expression') {
      this.#enter(raw, at, page);
      this.computed.push({ raw, place: at, type });
      return [];
    }
    if (typeof type !== 'string') {
      this.#problems.invalid(
        at,
        type === undefined ? 'it has no "type"' : `its "type" must be a text, not ${quote(type)}`,
      );
      return [];
    }
    if (isGrid(type)) return this.#grid(raw, at, type, page, depth);
    if (!isAsked(type)) {
      this.#problems.unsupported(
        at,
        `the type ${quote(type)} cannot be asked; Panelist asks ${[...askedTypes, ...gridTypes].join(', ')}, and shows html, image and panel`,
      );
    }
    this.#enter(raw, at, page);
    return isAsked(type) ? this.#withComment(raw, at, type, page) : [];
  }

  #grid(
    raw: Readonly<Record<string, unknown>>,
    place: Place,
    type: GridClass,
    page: number,
    depth: number,
  ): RawElement[] {
    this.#enter(raw, place, page);
    const key = answerKey(raw);
    if (key === null) return [{ raw, place, type: 'grid', gridClass: type, elements: [] }];
    const parts =
      type === 'paneldynamic'
        ? expandPanels(raw, key, this.#problems, place)
        : expandGrid(raw, key, type, this.#problems, place);
    const elements = parts.flatMap((part) => this.#part(part, place, page, depth));
    const own = { raw, place, type: 'grid', gridClass: type, elements } as const;
    return canonical(raw, type).showCommentArea === true ? [own, this.#comment(raw, place, page)] : [own];
  }

  #part(part: RawCell | RawGroup, place: Place, page: number, depth: number): RawElement[] {
    if (!('elements' in part)) return this.#cell(part.raw, place, part.cell, page, depth);
    const elements = part.elements.flatMap((each) => this.#part(each, place, page, depth));
    return [{ raw: part.raw, place, type: 'panel', elements }];
  }

  #cell(
    raw: Readonly<Record<string, unknown>>,
    place: Place,
    cell: Cell | null,
    page: number,
    depth: number,
  ): RawElement[] {
    if (cell === null) return this.#element(raw, place, page, depth + 1);
    const { type } = raw;
    if (typeof type === 'string' && isAsked(type)) {
      this.#names.add({ key: cell.name, page, pipesText: true });
      return [{ raw, place, type, elements: [], cell }, ...this.#otherText(raw, place, type, page, cell)];
    }
    if (type === 'panel' || type === 'html' || type === 'image')
      return this.#element(raw, place, page, depth + 1);
    this.#problems.unsupported(place, `a cell of type ${quote(type)} cannot be asked`);
    return [];
  }

  /** A comment area, and the text of "Other", are questions of their own. */
  #withComment(
    raw: Readonly<Record<string, unknown>>,
    place: Place,
    type: QuestionClass,
    page: number,
  ): RawElement[] {
    const own: RawElement = { raw, place, type, elements: [] };
    const key = answerKey(raw);
    if (key === null) return [own];
    if (canonical(raw, type).showCommentArea === true) return [own, this.#comment(raw, place, page)];
    return [own, ...this.#otherText(raw, place, type, page, { name: key, target: [key] })];
  }

  #otherText(
    raw: Readonly<Record<string, unknown>>,
    place: Place,
    type: QuestionClass,
    page: number,
    { name, target }: Cell,
  ): RawElement[] {
    const { showOtherItem, otherText, otherPlaceholder, choices } = canonical(raw, type);
    const listsOther =
      Array.isArray(choices) &&
      choices.some((item) => item === 'other' || (isObject(item) && item.value === 'other'));
    if (showOtherItem !== true || listsOther) return [];
    const several =
      ['checkbox', 'tagbox', 'ranking'].includes(type) || canonical(raw, type).multiSelect === true;
    const comment = {
      type: 'comment',
      title: otherText ?? otherPlaceholder ?? 'Other (describe)',
      isRequired: true,
      visibleIf: `{${name}} ${several ? 'contains' : '='} ${expressionLiteral('other')}`,
    };
    return [this.#commentCell(comment, place, page, name, target)];
  }

  #comment(raw: Readonly<Record<string, unknown>>, place: Place, page: number): RawElement {
    const key = answerKey(raw) as string;
    const { visibleIf, commentText, title } = canonical(raw, 'question');
    const comment = {
      type: 'comment',
      title: commentText ?? title ?? key,
      ...(visibleIf !== undefined && { visibleIf }),
    };
    return this.#commentCell(comment, place, page, key, [key]);
  }

  #commentCell(
    raw: Readonly<Record<string, unknown>>,
    place: Place,
    page: number,
    of: string,
    target: readonly (string | number)[],
  ): RawElement {
    const name = `${of}-Comment`;
    this.#names.add({ key: name, page, pipesText: true });
    const cell = { name, target: [...target.slice(0, -1), `${target.at(-1)}-Comment`] };
    return { raw, place, type: 'comment', elements: [], cell };
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

function pipesText(raw: Readonly<Record<string, unknown>>): boolean {
  return raw.useDisplayValuesInDynamicTexts !== false && raw.useDisplayValuesInTitle !== false;
}

function named(place: Place, raw: Readonly<Record<string, unknown>>): Place {
  return typeof raw.name === 'string' ? { ...place, element: raw.name } : place;
}

function isGrid(type: string): type is GridClass {
  return gridTypes.has(type);
}

function isAsked(type: string): type is QuestionClass {
  return askedTypes.has(type);
}
