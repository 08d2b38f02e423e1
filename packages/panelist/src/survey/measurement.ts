import { quote } from '@panelist/toolkit';
import { PanelistError } from '../panelist-error.ts';
import { kindOf } from './question-kinds/index.ts';
import {
  type MeasurementLevel,
  type Option,
  type OptionValue,
  type PageElement,
  type Question,
  type Questionnaire,
  questionsIn,
  questionsOf,
} from './questionnaire.ts';
import { isBesideScale, type ScaleBasis, scaleBasis } from './scale-words.ts';

/** How a question's answers are measured, which decides what is computed of them. */
export interface Measurement {
  /**
   * `quantity`: numbers. `ordinal`: points of a scale, which have scores, so that they have means. `nominal`: options in no
   * order. `null`: texts, rankings, and several options.
   */
  readonly level: MeasurementLevel | 'quantity' | null;
  /** `said`: by the survey or the researcher. `rating`, `number`: the kind of question. `null` for a list, and no level. */
  readonly basis: 'said' | 'rating' | 'number' | ScaleBasis | null;
  /** Of an ordinal question, for each point. Options beside the scale, such as "Other", have none. */
  readonly scores: ReadonlyMap<OptionValue, number> | null;
}

const known = new WeakMap<Question, Measurement>();

/**
 * The one rule for what is ordinal: what the author says, else a rating, else options that `scaleBasis` recognises by
 * their texts. Codes never make a scale. Scores are the codes if these are numbers that only rise or only fall; otherwise
 * 1…k in the listed order.
 */
export function measurementOf(question: Question): Measurement {
  const found = known.get(question) ?? measured(question);
  known.set(question, found);
  return found;
}

function measured(question: Question): Measurement {
  const { answerForm } = kindOf(question);
  if (answerForm === 'number') return { level: 'quantity', basis: 'number', scores: null };
  if (answerForm !== 'option' || !('options' in question)) return { level: null, basis: null, scores: null };
  const said = question.measurementLevel;
  const points = pointsOf(question.options, said === 'ordinal' || question.kind === 'rating');
  const basis =
    said !== undefined ? 'said' : question.kind === 'rating' ? 'rating' : scaleBasis(points.map(textOf));
  if (said === 'nominal' || basis === null) return { level: 'nominal', basis, scores: null };
  return { level: 'ordinal', basis, scores: scoresOf(points) };
}

/** Whether options are in an order that may be reversed and must not be shuffled; several may be chosen of such, too. */
export function hasOrderedOptions(question: Extract<Question, { readonly options: unknown }>): boolean {
  if (question.measurementLevel !== undefined) return question.measurementLevel === 'ordinal';
  if (question.kind === 'rating') return true;
  return scaleBasis(pointsOf(question.options, false).map(textOf)) !== null;
}

/** Plain options, without those at the end that decline to answer. */
function pointsOf(options: readonly Option[], isScale: boolean): readonly Option[] {
  const plain = options.filter(({ role }) => role === 'plain');
  let count = plain.length;
  // Of a scale at least two points remain.
  while (count > (isScale ? 2 : 0) && isBesideScale(textOf(plain[count - 1] as Option))) count -= 1;
  return plain.slice(0, count);
}

function textOf({ text, value }: Option): string {
  return text === '' ? String(value) : text;
}

function scoresOf(points: readonly Option[]): ReadonlyMap<OptionValue, number> {
  const codes = points.map(({ value }) => numberIn(value));
  const isAscending = codes.every((code, place) => place === 0 || code > (codes[place - 1] as number));
  const isDescending = codes.every((code, place) => place === 0 || code < (codes[place - 1] as number));
  const areScores = !codes.some(Number.isNaN) && (isAscending || isDescending);
  return new Map(points.map(({ value }, place) => [value, areScores ? (codes[place] as number) : place + 1]));
}

/** `NaN` for none. */
function numberIn(value: OptionValue): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : Number.NaN;
}

/** A question of one option: whether it is judged to be a scale, which decides about means and displayed orders. */
export interface MeasuredQuestion {
  readonly question: string;
  readonly level: MeasurementLevel;
  readonly basis: Measurement['basis'];
  /** Of the points of a scale, in the listed order. */
  readonly scores: readonly number[] | null;
}

/** Every question of one option, in the file's order. */
export function measuredQuestions(questionnaire: Pick<Questionnaire, 'pages'>): readonly MeasuredQuestion[] {
  return questionsOf(questionnaire).flatMap((question) => {
    const { level, basis, scores } = measurementOf(question);
    if (level !== 'nominal' && level !== 'ordinal') return [];
    return [{ question: question.name, level, basis, scores: scores && [...scores.values()] }];
  });
}

/** Names of questions, or of grids for all of their rows. */
export type SaidLevels = { readonly [Level in MeasurementLevel]?: readonly string[] | undefined };

/**
 * The questionnaire with levels that the researcher says, which come before those of the survey file.
 *
 * @throws PanelistError `USAGE` for a name that has no question of one option, or that has two levels
 */
export function withLevels<Asked extends Pick<Questionnaire, 'pages'>>(
  questionnaire: Asked,
  said: SaidLevels,
): Asked {
  const levels = new Map<string, MeasurementLevel>();
  for (const level of ['nominal', 'ordinal'] as const) {
    for (const name of said[level] ?? []) {
      const questions = named(questionnaire, name).filter(
        (question) => kindOf(question).answerForm === 'option',
      );
      if (questions.length === 0) throw noSuchQuestion(questionnaire, name);
      for (const question of questions) {
        if (levels.has(question.name) && levels.get(question.name) !== level)
          throw new PanelistError('USAGE', `${quote(question.name)} cannot be both nominal and ordinal.`);
        levels.set(question.name, level);
      }
    }
  }
  if (levels.size === 0) return questionnaire;
  const withLevel = (element: PageElement): PageElement => {
    if (element.kind === 'note') return element;
    if (element.kind === 'block') return { ...element, elements: element.elements.map(withLevel) };
    const measurementLevel = levels.get(element.name);
    return measurementLevel === undefined || !('options' in element)
      ? element
      : { ...element, measurementLevel };
  };
  const pages = questionnaire.pages.map((page) => ({ ...page, elements: page.elements.map(withLevel) }));
  return { ...questionnaire, pages };
}

function named({ pages }: Pick<Questionnaire, 'pages'>, name: string): readonly Question[] {
  const found: Question[] = [];
  const look = (elements: readonly PageElement[]): void => {
    for (const element of elements) {
      if (element.kind === 'note') continue;
      if (element.kind !== 'block') {
        if (element.name === name) found.push(element);
      } else if (element.name === name) found.push(...questionsIn(element.elements));
      else look(element.elements);
    }
  };
  for (const { elements } of pages) look(elements);
  return found;
}

function noSuchQuestion(questionnaire: Pick<Questionnaire, 'pages'>, name: string): PanelistError {
  const choices = questionsOf(questionnaire).filter((question) => kindOf(question).answerForm === 'option');
  const listed = choices.slice(0, 30).map((question) => quote(question.name));
  return new PanelistError(
    'USAGE',
    `${quote(name)} is not a question that takes one option, so it cannot be nominal or ordinal. Such questions: ${listed.join(', ')}${choices.length > 30 ? ' …' : ''}.`,
  );
}
