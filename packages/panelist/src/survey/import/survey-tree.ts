import { quote } from '@panelist/toolkit';
import { pathOf } from '../question.ts';
import { beside, type Cell, type Expansion, type Raw, type RawPart } from './cells.ts';
import { expandGrid } from './expand-grid.ts';
import { expandPanels } from './expand-panels.ts';
import { type ImportProblems, type Place, within } from './import-problems.ts';
import { JoinedTexts, SurveyJsText } from './localised-text.ts';
import type { QuestionNames } from './question-names.ts';
import { expressionLiteral } from './references.ts';
import { hasSpecialOptions } from './special-options.ts';
import { isObject } from './survey-node.ts';
import { answerKey, canonical, type GridClass, type QuestionClass } from './surveyjs-properties.ts';

/** A survey file's shape, before anything in it is read: what is in what, of which type, and where. */
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
  readonly type: AskedType | 'html' | 'image' | 'panel' | 'grid';
  /** Of a panel or a grid; else empty. */
  readonly elements: readonly RawElement[];
  /** Of a grid, the class that it is of. */
  readonly gridClass?: GridClass;
  /** What a question or grid is called, and where its value is in SurveyJS's data. */
  readonly cell: Cell | null;
}

/** `entrycount`: how many entries a dynamic grid or panel has. */
export type AskedType = QuestionClass | 'entrycount';

/** What an `expression` question computes. */
export interface RawComputed {
  readonly raw: object;
  readonly place: Place;
  readonly cell: Cell;
  readonly page: number;
  /** The conditions of all that it is in. */
  readonly around: readonly RawCondition[];
}

/** A condition, with where it is. */
export interface RawCondition {
  readonly expression: string;
  readonly place: Place;
}

/** Questions, grid cells included. */
export const maxQuestions = 2_000;
/** Options of all questions, those of each cell included. */
const maxOptions = 100_000;
/** Of grids and dynamic panels: cells, texts between them, and the rows and entries that they are in. */
const maxParts = 10_000;
const maxPanelDepth = 20;

const askedTypes: ReadonlySet<unknown> = new Set<AskedType>([
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

/** What is the same for all elements of one container. */
interface Container {
  readonly page: number;
  readonly depth: number;
  readonly around: readonly RawCondition[];
}

/** Reads the shape of a survey, and enters its questions into `names`. */
export class SurveyTree {
  readonly pages: readonly RawPage[];
  readonly computed: RawComputed[] = [];
  /** Dynamic panels whose number of entries is fixed. */
  readonly lists: { readonly target: Cell['target']; readonly count: number }[] = [];
  readonly #problems: ImportProblems;
  readonly #names: QuestionNames;
  /** Keys in lower case, with how many questions have each. */
  readonly #keys = new Map<string, number>();
  readonly #named = new Set<string>();
  #asked = 0;
  /** Of all grids and dynamic panels, texts and groups included. */
  #parts = 0;
  #options = 0;
  #isRefused = false;

  constructor(survey: Raw, problems: ImportProblems, names: QuestionNames) {
    this.#problems = problems;
    this.#names = names;
    this.pages = this.#pages(survey);
    const root: Place = { path: '', element: null };
    if (this.#asked > maxQuestions)
      problems.invalid(root, `it has more than ${maxQuestions} questions, cells of grids included`);
    if (this.#options > maxOptions)
      problems.invalid(root, `it has more than ${maxOptions} options, those of cells of grids included`);
    if (this.#parts > maxParts)
      problems.invalid(root, `its grids and dynamic panels have more than ${maxParts} parts`);
    // What was not taken apart is not worth checking: the linter would take its time.
    if (this.#isTooLarge) problems.throwIfAny();
    if (this.#asked > 0) return;
    if (this.#isRefused) problems.unsupported(root, 'nothing is left that can be asked');
    else problems.invalid(root, 'it has no questions');
  }

  get #isTooLarge(): boolean {
    return this.#asked > maxQuestions || this.#parts > maxParts || this.#options > maxOptions;
  }

  /** Whether a question, a template's question or a column has this name in the file. */
  hasQuestion(name: string): boolean {
    return this.#named.has(name);
  }

  #pages(survey: Raw): RawPage[] {
    const listed = this.#list(survey, ['pages'], { path: '', element: null });
    const pages = listed.flatMap(({ raw, place }, index) => {
      if (isObject(raw)) return [this.#page(raw, named(place, raw), index)];
      this.#problems.invalid(place, `a page must be an object, not ${quote(raw)}`);
      return [];
    });
    // A survey may have its elements without a page around them.
    const place = { path: '', element: null };
    const around = { page: listed.length, depth: 0, around: [] };
    const loose = this.#elements(survey, place, around);
    return loose.length === 0 ? pages : [...pages, { raw: {}, place, index: listed.length, elements: loose }];
  }

  #page(raw: Raw, place: Place, index: number): RawPage {
    const container = { page: index, depth: 0, around: conditionsOf(raw, place) };
    return { raw, place, index, elements: this.#elements(raw, place, container) };
  }

  #elements(parent: Raw, place: Place, container: Container): RawElement[] {
    if (container.depth > maxPanelDepth) {
      this.#problems.invalid(place, `panels are nested more than ${maxPanelDepth} deep`);
      return [];
    }
    return this.#list(parent, ['elements', 'questions'], place).flatMap((item) =>
      this.#element(item.raw, item.place, container),
    );
  }

  #element(raw: unknown, place: Place, container: Container): RawElement[] {
    if (!isObject(raw)) {
      this.#problems.invalid(place, `an element must be an object, not ${quote(raw)}`);
      return [];
    }
    const at = named(place, raw);
    const { type } = raw;
    if (type === 'panel') {
      const inside = {
        ...container,
        depth: container.depth + 1,
        around: [...container.around, ...conditionsOf(raw, at)],
      };
      return [{ raw, place: at, type, elements: this.#elements(raw, at, inside), cell: null }];
    }
    if (type === 'html' || type === 'image') return [{ raw, place: at, type, elements: [], cell: null }];
    if (typeof type !== 'string') {
      this.#problems.invalid(
        at,
        type === undefined ? 'it has no "type"' : `its "type" must be a text, not ${quote(type)}`,
      );
      return [];
    }
    if (!isAsked(type) && !isGrid(type) && type !== 'expression') {
      this.#unknownType(type, at);
      return [];
    }
    const key = answerKey(raw);
    if (key === null || key.trim() === '') {
      this.#problems.invalid(at, 'it has no name');
      return [];
    }
    return this.#question(raw, at, type, this.#cellOf(raw, key), container);
  }

  #unknownType(type: string, place: Place): void {
    this.#isRefused = true;
    if (place.element !== null) this.#names.addNotAsked(place.element);
    this.#problems.unsupported(place, `the type ${quote(type)} cannot be asked`);
  }

  /**
   * Questions may share a value, by `valueName` or by name: the first has its name, the others their own, or a number
   * behind it.
   */
  #cellOf(raw: Raw, key: string): Cell {
    const before = this.#keys.get(key.toLowerCase()) ?? 0;
    this.#keys.set(key.toLowerCase(), before + 1);
    const { name } = raw;
    if (before === 0) return { name: key, target: [key] };
    const isFree = typeof name === 'string' && name !== '' && !this.#keys.has(name.toLowerCase());
    if (isFree) this.#keys.set(name.toLowerCase(), 1);
    return { name: isFree ? name : `${key}#${before + 1}`, target: [key], isShared: true };
  }

  #question(
    raw: Raw,
    place: Place,
    type: AskedType | GridClass | 'expression',
    cell: Cell,
    container: Container,
  ): RawElement[] {
    if (typeof raw.name === 'string') this.#named.add(raw.name);
    this.#names.add({ key: cell.name, page: container.page, pipesText: pipesText(raw) });
    // `{key}` is the value that questions share, by whatever name.
    const [key] = cell.target;
    if (cell.target.length === 1 && key !== cell.name) this.#names.addPath(String(key), container.page);
    if (type === 'expression') {
      // A grid's totals are there whether it is shown or not.
      const isTotal = raw.isTotal === true;
      const around = isTotal ? [] : [...container.around, ...conditionsOf(raw, place)];
      this.computed.push({ raw, place, cell, page: container.page, around });
      return [];
    }
    if (isGrid(type)) return this.#grid(raw, place, type, cell, container);
    this.#asked += 1;
    if (Array.isArray(raw.choices)) this.#options += raw.choices.length;
    const own: RawElement = { raw, place, type, elements: [], cell };
    return [
      own,
      ...this.#ofOptions(raw, place, type, cell, container),
      ...this.#comments(raw, place, type, cell, container),
    ];
  }

  #grid(raw: Raw, place: Place, type: GridClass, cell: Cell, container: Container): RawElement[] {
    const { parts, fixedCount }: Expansion =
      type === 'paneldynamic'
        ? expandPanels(raw, cell, this.#problems, place)
        : expandGrid(raw, cell, type, this.#problems, place);
    if (fixedCount !== null) this.lists.push({ target: cell.target, count: fixedCount });
    const inside = {
      ...container,
      depth: container.depth + 1,
      around: [...container.around, ...conditionsOf(raw, place)],
    };
    const elements = parts.flatMap((part) => this.#part(part, inside));
    const own: RawElement = { raw, place, type: 'grid', gridClass: type, elements, cell };
    return canonical(raw, type).showCommentArea === true
      ? [own, this.#comment(raw, place, cell, container)]
      : [own];
  }

  #part(part: RawPart, container: Container): RawElement[] {
    // Beyond a bound nothing more is taken apart: a small file can ask for millions of cells.
    this.#parts += 1;
    if (this.#isTooLarge) return [];
    const { raw, place } = part;
    const at = named(place, raw);
    if ('elements' in part) {
      const inside = { ...container, around: [...container.around, ...conditionsOf(raw, at)] };
      const elements = part.elements().flatMap((each) => this.#part(each, inside));
      return [{ raw, place: at, type: 'panel', elements, cell: null }];
    }
    const { type } = raw;
    if (part.cell === null) return this.#element(raw, at, { ...container, depth: container.depth + 1 });
    if (
      typeof type === 'string' &&
      (isAsked(type) || isGrid(type) || type === 'expression' || type === 'entrycount')
    )
      return this.#question(raw, at, type, part.cell, container);
    this.#unknownType(String(type), at);
    return [];
  }

  /** The elements that an option opens, and the comments that it asks for, each once the option is chosen. */
  #ofOptions(raw: Raw, place: Place, type: AskedType, cell: Cell, container: Container): RawElement[] {
    const { choices } = canonical(raw, type);
    if (!Array.isArray(choices)) return [];
    return choices.flatMap((item: unknown, index): RawElement[] => {
      if (!isObject(item) || item.value === undefined) return [];
      const at = { ...place, path: `${place.path}.choices[${index}]` };
      const visibleIf = isChosen(cell, raw, type, item.value);
      const condition = { expression: visibleIf, place: at };
      const own = conditionsOf(raw, place);
      const inside = {
        ...container,
        depth: container.depth + 1,
        around: [...container.around, ...own, condition],
      };
      const opened: RawElement[] = Array.isArray(item.elements)
        ? [
            {
              raw: { visibleIf },
              place: at,
              type: 'panel',
              elements: this.#elements(item, at, inside),
              cell: null,
            },
          ]
        : [];
      if (item.showCommentArea !== true || item.value === 'other') return opened;
      const comment = {
        type: 'comment',
        title: new JoinedTexts([titleOf(raw, cell), item.text ?? item.value]),
        visibleIf,
        ...(item.isCommentRequired === true && { isRequired: true }),
      };
      return [
        ...opened,
        this.#commentCell(comment, at, beside(cell, `-${String(item.value)}-Comment`), container),
      ];
    });
  }

  /** A comment area, and the text of "Other", are questions of their own. */
  #comments(raw: Raw, place: Place, type: AskedType, cell: Cell, container: Container): RawElement[] {
    if (type === 'entrycount') return [];
    const { showOtherItem, showCommentArea, otherText, choices } = canonical(raw, type);
    const comments = showCommentArea === true ? [this.#comment(raw, place, cell, container)] : [];
    const listsOther =
      Array.isArray(choices) &&
      choices.some((item) => item === 'other' || (isObject(item) && item.value === 'other'));
    // SurveyJS ignores them in other lists.
    if (showOtherItem !== true || listsOther || !hasSpecialOptions(type)) return comments;
    const comment = {
      type: 'comment',
      title: new JoinedTexts([titleOf(raw, cell), otherText ?? new SurveyJsText('otherItemText')]),
      isRequired: true,
      visibleIf: isChosen(cell, raw, type, 'other'),
    };
    // Where there is a comment area besides, it has the shorter name.
    const suffix = comments.length > 0 ? '-other-Comment' : '-Comment';
    return [...comments, this.#commentCell(comment, place, beside(cell, suffix), container)];
  }

  #comment(raw: Raw, place: Place, cell: Cell, container: Container): RawElement {
    const { visibleIf, enableIf, readOnly, commentText } = canonical(raw, 'question');
    const comment = {
      type: 'comment',
      title: new JoinedTexts([titleOf(raw, cell), commentText ?? new SurveyJsText('commentText')]),
      ...(visibleIf !== undefined && { visibleIf }),
      ...(enableIf !== undefined && { enableIf }),
      ...(readOnly !== undefined && { readOnly }),
    };
    return this.#commentCell(comment, place, beside(cell, '-Comment'), container);
  }

  #commentCell(raw: Raw, place: Place, cell: Cell, { page }: Container): RawElement {
    this.#asked += 1;
    this.#names.add({ key: cell.name, page, pipesText: true });
    return { raw, place, type: 'comment', elements: [], cell };
  }

  #list(parent: Raw, keys: readonly string[], place: Place): { raw: unknown; place: Place }[] {
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

function titleOf(raw: Raw, cell: Cell): unknown {
  return raw.title ?? raw.name ?? cell.name;
}

function isChosen(cell: Cell, raw: Raw, type: AskedType, value: unknown): string {
  const several =
    ['checkbox', 'tagbox', 'ranking'].includes(type) || canonical(raw, type).multiSelect === true;
  return `{${pathOf(cell)}} ${several ? 'contains' : '='} ${expressionLiteral(value as string)}`;
}

function conditionsOf(raw: Raw, place: Place): RawCondition[] {
  const { visibleIf, visible } = raw;
  if (typeof visibleIf === 'string' && visibleIf.trim() !== '')
    return [{ expression: visibleIf, place: within(place, 'visibleIf') }];
  return visible === false ? [{ expression: 'false', place: within(place, 'visible') }] : [];
}

function pipesText(raw: Raw): boolean {
  return raw.useDisplayValuesInDynamicTexts !== false && raw.useDisplayValuesInTitle !== false;
}

function named(place: Place, raw: Raw): Place {
  return typeof raw.name === 'string' ? { ...place, element: raw.name } : place;
}

function isGrid(type: string): type is GridClass {
  return gridTypes.has(type);
}

function isAsked(type: string): type is QuestionClass {
  return askedTypes.has(type);
}
