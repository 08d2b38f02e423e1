import type { InterviewTexts } from '../../languages/messages.ts';
import { oneLine } from '../../text/one-line.ts';
import { shortened } from '../../text/shortened.ts';
import type { DisplayedOptions } from '../prompt/displayed-options.ts';
import type { AnswerValue, OptionsBase, OptionValue } from '../question.ts';
import type { Repair } from '../reply/repairs.ts';
import { type AnswerReading, type Asked, answered, invalid, type SchemaPart } from './kind.ts';

/** What kinds with options have in common. */

export function choicesOf(asked: Asked<OptionsBase>): DisplayedOptions {
  return asked.choices as DisplayedOptions;
}

export function optionSchema(
  asked: Asked<OptionsBase>,
  listed: readonly unknown[] | undefined,
  isText: boolean,
): SchemaPart {
  return { type: isText ? 'string' : labelType(choicesOf(asked)), ...(listed && { enum: listed }) };
}

function labelType({ labels }: DisplayedOptions): 'integer' | 'number' | 'string' {
  if (typeof labels[0] !== 'number') return 'string';
  return labels.every(Number.isInteger) ? 'integer' : 'number';
}

export function readOption(asked: Asked<OptionsBase>, value: unknown, raw: string): AnswerReading {
  const choices = choicesOf(asked);
  const match = choices.match(asked.question.isRequired ? value : asLabel(choices, value));
  if (!match.matched) return invalid(noOption(raw, match.ambiguous, asked.frame));
  return answered(choices.values[match.index] as OptionValue, match.repairs);
}

/** Where a question may be left empty, its schema asks for a scale's numbers as texts. */
function asLabel({ labels }: DisplayedOptions, value: unknown): unknown {
  return labels.find((label) => String(label) === value) ?? value;
}

interface Chosen {
  /** Indices into the displayed options, in the order in which they were said. */
  readonly indices: ReadonlySet<number>;
  readonly repairs: Set<Repair>;
  readonly isRepeated: boolean;
}

/** The options that a value names; else the problem. */
export function readOptions(asked: Asked<OptionsBase>, value: unknown, raw: string): Chosen | string {
  const choices = choicesOf(asked);
  const repairs = new Set<Repair>();
  if (!Array.isArray(value)) repairs.add('single-for-list');
  const indices = new Set<number>();
  let isRepeated = false;
  for (const said of Array.isArray(value) ? value : [value]) {
    const match = choices.match(said);
    if (!match.matched) {
      return noOption(typeof said === 'string' ? JSON.stringify(said) : raw, match.ambiguous, asked.frame);
    }
    for (const repair of match.repairs) repairs.add(repair);
    if (indices.has(match.index)) isRepeated = true;
    indices.add(match.index);
  }
  return { indices, repairs, isRepeated };
}

function noOption(raw: string, ambiguous: boolean, { problems }: InterviewTexts): string {
  return ambiguous ? problems.ambiguous(quoted(raw)) : problems.noOption(quoted(raw));
}

export function quoted(raw: string): string {
  return shortened(oneLine(raw), 120);
}

/** How many options may be chosen, as a question says. */
export interface SelectionBounds {
  readonly minSelected: number;
  readonly maxSelected: number;
}

/** At most as many as are displayed, and at least one where an answer is required. */
export function narrowedSelection<Q extends OptionsBase & SelectionBounds>(
  question: Q,
  isRequired: boolean,
  optionCount: number,
): Q {
  if (isRequired === question.isRequired && question.maxSelected <= optionCount) return question;
  return {
    ...question,
    isRequired,
    minSelected: Math.min(Math.max(question.minSelected, isRequired ? 1 : 0), optionCount),
    maxSelected: Math.min(question.maxSelected, optionCount),
  };
}

export function listSchema(
  asked: Asked<OptionsBase & SelectionBounds>,
  listed: readonly unknown[] | undefined,
): SchemaPart {
  const { isRequired, minSelected, maxSelected } = asked.question;
  return {
    type: 'array',
    items: optionSchema(asked, listed, false),
    minItems: isRequired ? Math.max(minSelected, 1) : 0,
    maxItems: maxSelected,
  };
}

/** The question's own options that a default names. */
export function defaultOptions({ options }: OptionsBase, value: AnswerValue): OptionValue[] {
  const values = (Array.isArray(value) ? value : [value]) as readonly OptionValue[];
  return values.flatMap(
    (each) => options.find((option) => String(option.value) === String(each))?.value ?? [],
  );
}

export function unchanged<Q>(question: Q): Q {
  return question;
}

/** What a kind without bounds of its own becomes where an answer is required, or need not be. */
export function withRequired<Q extends { readonly isRequired: boolean }>(
  question: Q,
  isRequired: boolean,
): Q {
  return isRequired === question.isRequired ? question : { ...question, isRequired };
}
