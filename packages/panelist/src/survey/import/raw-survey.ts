import type { Cell, Raw } from './cells.ts';
import { type Place, within } from './import-problems.ts';
import type { GridClass, QuestionClass } from './surveyjs-properties.ts';

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

/** The condition of an element itself; at most one. */
export function conditionsOf(raw: Raw, place: Place): RawCondition[] {
  const { visibleIf, visible } = raw;
  if (typeof visibleIf === 'string' && visibleIf.trim() !== '')
    return [{ expression: visibleIf, place: within(place, 'visibleIf') }];
  return visible === false ? [{ expression: 'false', place: within(place, 'visible') }] : [];
}

export function isGrid(type: string): type is GridClass {
  return gridTypes.has(type);
}

export function isAsked(type: string): type is QuestionClass {
  return askedTypes.has(type);
}
