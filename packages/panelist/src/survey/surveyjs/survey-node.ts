import { quote } from '@panelist/toolkit';
import type { Expression, OptionValue, Template } from '../questionnaire.ts';
import { type ImportProblems, type Place, within } from './import-problems.ts';
import type { TextLanguage } from './localised-text.ts';
import type { QuestionNames } from './question-names.ts';
import { stripHtml } from './strip-html.ts';
import { canonicalProperty, isLost, type SurveyClass } from './surveyjs-properties.ts';

/** What every object of one survey is read with. */
export interface ReadContext {
  readonly problems: ImportProblems;
  readonly language: TextLanguage;
  readonly names: QuestionNames;
  /** Characters, for texts that do not say themselves; `null` where there is no bound. */
  readonly maxTextLength: number | null;
}

/** Characters of one text: a prompt carries it to every respondent. */
export const maxText = 20_000;

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * One object of a survey file: reads its properties under SurveyJS's present names, and reports what is not of the
 * type that it must be. What could not be read comes back as if it were absent; the import fails in the end.
 */
export class SurveyNode {
  readonly place: Place;
  /** The page that it is on. */
  readonly page: number;
  readonly #values: ReadonlyMap<string, { readonly value: unknown; readonly place: Place }>;
  readonly #context: ReadContext;

  constructor(surveyClass: SurveyClass, raw: object, place: Place, page: number, context: ReadContext) {
    this.place = place;
    this.page = page;
    this.#context = context;
    const values = new Map<string, { value: unknown; place: Place }>();
    for (const [key, value] of Object.entries(raw)) {
      const at = within(place, key);
      if (isLost(surveyClass, key, value))
        context.problems.unsupported(
          at,
          `${quote(value)}: this changes what is asked or recorded, and Panelist does not carry it yet`,
        );
      if (value !== null) values.set(canonicalProperty(surveyClass, key), { value, place: at });
    }
    this.#values = values;
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  placeOf(key: string): Place {
    return this.#values.get(key)?.place ?? within(this.place, key);
  }

  /** In the chosen language, without HTML, its piping resolved; empty when absent. */
  text(key: string): Template {
    const found = this.#values.get(key);
    if (!found) return '';
    const chosen = this.#localised(found.value);
    if (chosen === null) {
      this.#wrong(key, 'a text, or texts by language', found.value);
      return '';
    }
    if (chosen.length > maxText) {
      this.#context.problems.invalid(
        found.place,
        `${chosen.length} characters are too many; at most ${maxText}`,
      );
      return '';
    }
    return this.#context.names.resolvePiping(stripHtml(chosen), found.place, this.page);
  }

  /** As it stands, no text to show; `null` when absent. */
  word(key: string): string | null {
    return this.#typed(key, 'a text', (value) => typeof value === 'string');
  }

  boolean(key: string, absent: boolean): boolean {
    return this.#typed(key, 'true or false', (value) => typeof value === 'boolean') ?? absent;
  }

  /** A number, or a text that is one, as SurveyJS takes both. */
  number(key: string): number | null {
    const value = this.#values.get(key)?.value;
    if (value === undefined || value === '') return null;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isFinite(number)) return number;
    this.#wrong(key, 'a number', value);
    return null;
  }

  /** A whole number that is at least 1; SurveyJS takes 0 and −1 to mean no bound. */
  count(key: string): number | null {
    const number = this.number(key);
    if (number === null || number <= 0) return null;
    if (Number.isInteger(number)) return number;
    this.#wrong(key, 'a whole number', number);
    return null;
  }

  scalar(key: string): OptionValue | null {
    return this.#typed(key, 'a text, a number, true or false', isScalar);
  }

  list(key: string): readonly unknown[] {
    return this.#typed(key, 'a list', (value): value is readonly unknown[] => Array.isArray(value)) ?? [];
  }

  /** The object's own condition: `visibleIf`, else what `visible: false` amounts to. */
  conditions(): readonly Expression[] {
    const expression = this.word('visibleIf') ?? '';
    if (expression.trim() === '') return this.boolean('visible', true) ? [] : ['false'];
    this.#context.names.checkCondition(expression, this.placeOf('visibleIf'), this.page);
    return [expression];
  }

  #typed<T>(key: string, wanted: string, fits: (value: unknown) => value is T): T | null {
    const value = this.#values.get(key)?.value;
    if (value === undefined) return null;
    if (fits(value)) return value;
    this.#wrong(key, wanted, value);
    return null;
  }

  #wrong(key: string, wanted: string, value: unknown): void {
    this.#context.problems.invalid(this.placeOf(key), `must be ${wanted}, not ${quote(value)}`);
  }

  #localised(value: unknown): string | null {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    if (!isObject(value)) return null;
    const texts: [string, string][] = [];
    for (const [locale, text] of Object.entries(value)) {
      if (typeof text !== 'string') return null;
      texts.push([locale, text]);
    }
    return this.#context.language.choose(new Map(texts));
  }
}

export function isScalar(value: unknown): value is OptionValue {
  return (
    typeof value === 'string' ||
    typeof value === 'boolean' ||
    (typeof value === 'number' && Number.isFinite(value))
  );
}
