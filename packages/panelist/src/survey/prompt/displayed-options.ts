import { normalised, oneLine } from '../../text/one-line.ts';
import type { Option, OptionValue } from '../question.ts';
import { formRepairs, type Repair } from '../reply/repairs.ts';

/** What a respondent may say for an option: its text, or its number on a numeric scale. */
export type Label = string | number;

interface Reading {
  readonly index: number;
  readonly via: 'label' | 'text' | 'value';
  /** As it would have been said exactly. */
  readonly form: string;
}

export type OptionMatch =
  | { readonly matched: true; readonly index: number; readonly repairs: readonly Repair[] }
  | { readonly matched: false; readonly ambiguous: boolean };

const noMatch: OptionMatch = { matched: false, ambiguous: false };

/** The options of one question as one respondent reads them. No two labels read the same. */
export class DisplayedOptions {
  readonly labels: readonly Label[];
  readonly texts: readonly string[];
  readonly values: readonly OptionValue[];
  readonly #exact: ReadonlyMap<unknown, number>;
  #loose: Map<string, Reading[]> | null = null;

  /** `texts` are the options' texts with piping filled in. `numeric`: a scale whose numbers are what is said. */
  constructor(options: readonly Option[], texts: readonly string[], numeric: boolean) {
    this.values = options.map((option) => option.value);
    this.texts = texts.map(oneLine);
    this.labels = numeric ? (this.values as readonly number[]) : distinct(this.texts);
    this.#exact = new Map(this.labels.map((label, index) => [label, index]));
  }

  /** Which option was said; where more than one could be meant, none. */
  match(said: unknown): OptionMatch {
    const exact = this.#exact.get(said);
    if (exact !== undefined) return { matched: true, index: exact, repairs: [] };
    if (typeof said !== 'string' && typeof said !== 'number' && typeof said !== 'boolean') return noMatch;
    const text = String(said);
    const readings = this.#readings(text);
    const [first] = readings;
    if (!first) return typeof said === 'string' ? this.#matchAfterPrefix(said) : noMatch;
    const others = readings.some((reading) => reading.index !== first.index);
    const reading = readings.find(({ via }) => via !== 'value') ?? first;
    if (others || (reading.via === 'value' && this.#isOtherPosition(text, first.index))) {
      return { matched: false, ambiguous: true };
    }
    const repairs = [...typeRepairs(said, this.labels[first.index] as Label, reading)];
    repairs.push(
      ...viaRepairs(reading, this.labels[first.index] as Label),
      ...formRepairs(text, reading.form),
    );
    return { matched: true, index: first.index, repairs };
  }

  /** `B. Text`, `2) Text`: only if what follows is all of one option's text, and the mark does not contradict it. */
  #matchAfterPrefix(said: string): OptionMatch {
    const line = normalised(said);
    const prefix = /^\(?([a-z]|\d{1,3}) ?[.):、] ?/u.exec(line);
    const mark = prefix?.[1];
    if (!prefix || mark === undefined) return noMatch;
    const rest = line.slice(prefix[0].length);
    // "1.5" and "1: 30" are numbers of their own.
    if (/^[-+\d]/.test(rest) && !/\) $/.test(prefix[0])) return noMatch;
    const readings = this.#readings(rest).filter(({ via }) => via !== 'value');
    const [first] = readings;
    if (!first) return noMatch;
    const label = this.labels[first.index] as Label;
    const marksIt = typeof label === 'number' ? mark === String(label) : positionOf(mark) === first.index;
    if (!marksIt || readings.some((reading) => reading.index !== first.index)) {
      return { matched: false, ambiguous: true };
    }
    return { matched: true, index: first.index, repairs: ['option-prefix', ...viaRepairs(first, label)] };
  }

  /** A bare number or letter that is one option's value and another's place in the list could mean either. */
  #isOtherPosition(said: string, index: number): boolean {
    const position = positionOf(normalised(said));
    return position !== null && position !== index && position >= 0 && position < this.labels.length;
  }

  #readings(said: string): readonly Reading[] {
    this.#loose ??= this.#index();
    return this.#loose.get(normalised(said)) ?? [];
  }

  #index(): Map<string, Reading[]> {
    const loose = new Map<string, Reading[]>();
    const add = (index: number, via: Reading['via'], form: string): void => {
      const key = normalised(form);
      if (key === '') return;
      const known = loose.get(key);
      if (known) known.push({ index, via, form });
      else loose.set(key, [{ index, via, form }]);
    };
    for (const [index, label] of this.labels.entries()) {
      add(index, 'label', String(label));
      const text = this.texts[index] as string;
      if (text !== String(label)) add(index, 'text', text);
      const value = String(this.values[index]);
      if (value !== String(label)) add(index, 'value', value);
    }
    return loose;
  }
}

/** Texts that read the same get a number, all of the question's with them. */
function distinct(texts: readonly string[]): readonly string[] {
  const forms = new Set(texts.map(normalised));
  if (forms.size === texts.length && !forms.has('')) return texts;
  return texts.map((text, index) => oneLine(`${index + 1}) ${text}`));
}

function positionOf(mark: string): number | null {
  if (/^\d{1,3}$/.test(mark)) return Number(mark) - 1;
  return /^[a-z]$/.test(mark) ? mark.charCodeAt(0) - 97 : null;
}

function typeRepairs(said: Label | boolean, label: Label, { via }: Reading): Repair[] {
  if (typeof said === 'number') return via === 'value' ? [] : ['number-for-text'];
  if (typeof said === 'boolean') return via === 'value' ? [] : ['boolean-for-text'];
  return typeof label === 'number' && via === 'label' ? ['text-for-number'] : [];
}

function viaRepairs({ via }: Reading, label: Label): Repair[] {
  if (via === 'label') return [];
  if (via === 'value') return ['value-for-label'];
  return typeof label === 'number' ? ['label-for-value'] : ['option-prefix'];
}
