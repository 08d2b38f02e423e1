import { quote } from '@panelist/toolkit';
import { surveyLocalization } from 'survey-core';
import 'survey-core/survey.i18n';
import {
  type AnswerValue,
  type Expression,
  isScalar,
  type Option,
  type OptionValue,
  type Template,
  type Trigger,
} from '../questionnaire.ts';
import { type ImportProblems, type Place, within } from './import-problems.ts';
import { JoinedTexts, SurveyJsText, type TextLanguage } from './localised-text.ts';
import type { QuestionNames } from './question-names.ts';
import { bound } from './references.ts';
import { stripHtml } from './strip-html.ts';
import { canonicalProperty, isLost, type SurveyClass } from './surveyjs-properties.ts';

/** What every object of one survey is read with. */
export interface ReadContext {
  readonly problems: ImportProblems;
  readonly language: TextLanguage;
  readonly names: QuestionNames;
  /** Characters, for texts without a limit of their own; `null` for no limit. */
  readonly maxTextLength: number | null;
  /** The choices of the questions read so far, by name in lower case, for those that carry them forward. */
  readonly sources: Map<string, ChoiceSource>;
  /** Lists of choices that the file does not hold, by the name of their question. */
  readonly choices: ReadonlyMap<string, readonly unknown[]>;
  /** Things that are carried and may not be meant. */
  readonly warn: (place: Place, text: string) => void;
  /** What the questions read so far trigger. */
  readonly triggers: Trigger[];
}

/** What other questions carry forward from a question. */
export interface ChoiceSource {
  readonly name: string;
  readonly options: readonly Option[];
  readonly isSeveral: boolean;
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
  readonly surveyClass: SurveyClass;
  readonly #values: ReadonlyMap<string, { readonly value: unknown; readonly place: Place }>;
  readonly #context: ReadContext;

  constructor(surveyClass: SurveyClass, raw: object, place: Place, page: number, context: ReadContext) {
    this.place = place;
    this.page = page;
    this.surveyClass = surveyClass;
    this.#context = context;
    const values = new Map<string, { value: unknown; place: Place }>();
    for (const [key, value] of Object.entries(raw)) {
      const at = within(place, key);
      if (isLost(surveyClass, key, value))
        context.problems.unsupported(
          at,
          `${quote(value)}: this changes what is asked or recorded, and Panelist does not carry it`,
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

  /** Also written as a text, as SurveyJS's own docs do. */
  boolean(key: string, absent: boolean): boolean {
    const value = this.#values.get(key)?.value;
    if (value === 'true' || value === 'false') return value === 'true';
    return this.#typed(key, 'true or false', (given) => typeof given === 'boolean') ?? absent;
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

  object(key: string): Readonly<Record<string, unknown>> | null {
    return this.#typed(key, 'an object', isObject);
  }

  /**
   * The object's own condition: `visibleIf`, else what `visible: false` amounts to; or `enableIf` with `readOnly`, or
   * `requiredIf`.
   */
  conditions(key: 'visibleIf' | 'enableIf' | 'requiredIf' = 'visibleIf'): readonly Expression[] {
    const never =
      (key === 'visibleIf' && !this.boolean('visible', true)) ||
      (key === 'enableIf' && this.boolean('readOnly', false));
    const expression = this.word(key) ?? '';
    if (expression.trim() === '') return never ? ['false'] : [];
    return [this.expression(key, expression)];
  }

  /** A condition for each of several items, of which `{item}` is one. */
  conditionsFor(key: string, item: OptionValue): readonly Expression[] {
    const expression = this.word(key) ?? '';
    if (expression.trim() === '') return [];
    const literal = typeof item === 'boolean' ? String(item) : item;
    const written = bound({ expression }, {}, { item: literal, choice: literal }).expression;
    return [this.expression(key, written)];
  }

  /** Checks that an expression can be read, and reads only what there is; one that cannot be evaluated never holds. */
  expression(key: string, expression: Expression): Expression {
    return this.#context.names.checkCondition(expression, this.placeOf(key), this.page)
      ? expression
      : 'false';
  }

  /** An expression that yields a value; `null` when it is absent or cannot be evaluated. */
  formula(key: string): Expression | null {
    const value = this.#values.get(key)?.value;
    const expression = typeof value === 'number' ? String(value) : (this.word(key) ?? '');
    if (expression.trim() === '') return null;
    return this.#context.names.checkCondition(expression, this.placeOf(key), this.page) ? expression : null;
  }

  /** A default: a value or a list of them, or an expression, also written as `=expression`. */
  preset(): { readonly value: AnswerValue | null; readonly expression: Expression | null } {
    const expression = this.formula('defaultValueExpression');
    const value = this.#values.get('defaultValue')?.value;
    if (typeof value === 'string' && value.startsWith('=')) {
      const computed = value.slice(1);
      const isCarried = this.#context.names.checkCondition(computed, this.placeOf('defaultValue'), this.page);
      return { value: null, expression: expression ?? (isCarried ? computed : null) };
    }
    if (value === undefined || isScalar(value) || (Array.isArray(value) && value.every(isScalar)))
      return { value: value ?? null, expression };
    this.#context.problems.unsupported(
      this.placeOf('defaultValue'),
      `a default of ${quote(value)} is not carried; it must be a value or a list of values`,
    );
    return { value: null, expression };
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
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (value instanceof JoinedTexts) {
      const parts = value.parts.map((part) => this.#localised(part));
      return parts.every((part) => part !== null) ? parts.filter((part) => part !== '').join(' – ') : null;
    }
    if (value instanceof SurveyJsText)
      return surveyLocalization.getString(value.key, this.#context.language.locale);
    if (!isObject(value)) return null;
    const texts: [string, string][] = [];
    for (const [locale, text] of Object.entries(value)) {
      if (typeof text !== 'string') return null;
      texts.push([locale, text]);
    }
    return this.#context.language.choose(new Map(texts));
  }
}
