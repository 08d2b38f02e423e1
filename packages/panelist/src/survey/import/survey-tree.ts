import { quote } from '@panelist/toolkit';
import type { Cell, Expansion, Raw, RawPart } from './cells.ts';
import {
  type CommentQuestion,
  chosenIf,
  commentArea,
  commentOfOption,
  commentsOf,
} from './comment-questions.ts';
import { expandGrid } from './expand-grid.ts';
import { expandPanels } from './expand-panels.ts';
import { type ImportProblems, type Place, within } from './import-problems.ts';
import type { QuestionNames } from './question-names.ts';
import {
  type AskedType,
  conditionsOf,
  isAsked,
  isGrid,
  type RawComputed,
  type RawCondition,
  type RawElement,
  type RawPage,
} from './raw-survey.ts';
import { isObject } from './survey-node.ts';
import { answerKey, canonical, type GridClass } from './surveyjs-properties.ts';

/** Questions, grid cells included. */
export const maxQuestions = 2_000;
/** Options of all questions, those of each cell included. */
const maxOptions = 100_000;
/** Of grids and dynamic panels: cells, texts between them, and the rows and entries that they are in. */
const maxParts = 10_000;
const maxPanelDepth = 20;

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
      ? [own, this.#comment(commentArea(raw, cell), place, container)]
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
      const visibleIf = chosenIf(cell, raw, type, item.value);
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
      const comment = commentOfOption(item, raw, type, cell);
      return comment === null ? opened : [...opened, this.#comment(comment, at, container)];
    });
  }

  /** A comment area, and the text of "Other", are questions of their own. */
  #comments(raw: Raw, place: Place, type: AskedType, cell: Cell, container: Container): RawElement[] {
    return commentsOf(raw, type, cell).map((comment) => this.#comment(comment, place, container));
  }

  #comment({ raw, cell }: CommentQuestion, place: Place, { page }: Container): RawElement {
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

function pipesText(raw: Raw): boolean {
  return raw.useDisplayValuesInDynamicTexts !== false && raw.useDisplayValuesInTitle !== false;
}

function named(place: Place, raw: Raw): Place {
  return typeof raw.name === 'string' ? { ...place, element: raw.name } : place;
}
