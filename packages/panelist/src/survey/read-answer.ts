import { normalised, oneLine } from '../text/one-line.ts';
import { shortened } from '../text/shortened.ts';
import type { AnswerStatus, AnswerValue } from './answer.ts';
import type { AskedQuestion } from './asked-question.ts';
import type { Choices } from './choices.ts';
import { declines } from './declined.ts';
import { isLeftEmpty, leftEmpty } from './left-empty.ts';
import { howMany, numberRange } from './prompt.ts';
import type { MultipleChoiceQuestion, NumberQuestion, OptionValue, TextQuestion } from './questionnaire.ts';
import type { Repair } from './repairs.ts';
import type { ReplyMember } from './reply-json.ts';

/** What one value of a reply says: something that fits the question, or why it does not. */
export type AnswerReading =
  | {
      readonly fits: true;
      readonly status: Extract<AnswerStatus, 'answered' | 'refused' | 'dont-know'>;
      readonly value: AnswerValue | null;
      readonly repairs: readonly Repair[];
    }
  | { readonly fits: false; readonly problem: string };

/** Characters of a free text whose question sets no limit. */
const defaultMaxLength = 10_000;

export function readAnswer(asked: AskedQuestion, { value, raw }: Omit<ReplyMember, 'key'>): AnswerReading {
  const { question, choices } = asked;
  const several = question.kind === 'multiple-choice';
  if (!several && Array.isArray(value) && value.length === 1 && !isCompound(value[0])) {
    const only = { value: value[0], raw: raw.slice(1, -1).trim() };
    return repaired(readAnswer(asked, only), 'list-for-single');
  }
  if (isLeftEmpty(asked, value)) {
    if (question.isRequired) return misfit('it needs an answer');
    const asAsked = several ? Array.isArray(value) : value === null || value === '' || value === leftEmpty;
    return answered(null, asAsked ? [] : ['empty-for-null']);
  }
  const reading =
    question.kind === 'multiple-choice' && choices
      ? readSeveral(question, choices, value, raw)
      : choices
        ? readOne(choices, question.isRequired ? value : asLabel(choices, value), raw)
        : question.kind === 'number'
          ? readNumber(question, value, raw)
          : readText(question as TextQuestion, value, raw);
  // Only what is no answer can be a refusal, but for free text, where anything is an answer.
  const status = reading.fits && question.kind !== 'text' ? null : declined(value);
  return status === null ? reading : { fits: true, status, value: null, repairs: [] };
}

function isCompound(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function declined(value: unknown): 'refused' | 'dont-know' | null {
  const only = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof only === 'string' ? declines(only) : null;
}

/** Where a question may be left empty, its schema asks for a scale's numbers as texts. */
function asLabel({ labels }: Choices, value: unknown): unknown {
  return labels.find((label) => String(label) === value) ?? value;
}

function readOne(choices: Choices, value: unknown, raw: string): AnswerReading {
  const match = choices.match(value);
  if (!match.matched) return misfit(noOption(raw, match.ambiguous));
  return answered(choices.values[match.index] as OptionValue, match.repairs);
}

function readSeveral(
  question: MultipleChoiceQuestion,
  choices: Choices,
  value: unknown,
  raw: string,
): AnswerReading {
  const repairs = new Set<Repair>();
  if (!Array.isArray(value)) repairs.add('single-for-list');
  const chosen = new Set<number>();
  for (const said of Array.isArray(value) ? value : [value]) {
    const match = choices.match(said);
    if (!match.matched) {
      return misfit(noOption(typeof said === 'string' ? JSON.stringify(said) : raw, match.ambiguous));
    }
    for (const repair of match.repairs) repairs.add(repair);
    if (chosen.has(match.index)) repairs.add('duplicate-item');
    chosen.add(match.index);
  }
  if (chosen.size < question.minSelected || chosen.size > question.maxSelected) {
    return misfit(`${chosen.size} chosen; choose ${howMany(question)}`);
  }
  // In the questionnaire's order, so that the same choice is always the same value.
  const values = [...chosen].sort((a, b) => a - b).map((index) => choices.values[index] as OptionValue);
  return answered(values, [...repairs]);
}

function readNumber(question: NumberQuestion, value: unknown, raw: string): AnswerReading {
  const repairs: Repair[] = [];
  let number: unknown = value;
  if (typeof value === 'string') {
    const written = normalised(value);
    // No thousands separators: 1,200 is 1.2 to half of the world.
    if (/^[-+]?\d+(?:\.\d+)?$/.test(written)) {
      number = Number(written);
      // Its schema asks for a text, or it could not be left empty.
      if (question.isRequired || String(number) !== value) repairs.push('text-for-number');
    }
  }
  const isSafe =
    typeof number === 'number' && Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER;
  const { min, max, integer } = question;
  if (
    !isSafe ||
    (integer && !Number.isInteger(number)) ||
    (min !== null && (number as number) < min) ||
    (max !== null && (number as number) > max)
  ) {
    return misfit(`${quoted(raw)} is not ${numberRange(question)}`);
  }
  // Adding 0 makes -0 a plain 0.
  return answered((number as number) + 0, repairs);
}

function readText({ maxLength }: TextQuestion, value: unknown, raw: string): AnswerReading {
  if (typeof value !== 'string' && typeof value !== 'number') return misfit(`${quoted(raw)} is not a text`);
  const repairs: Repair[] = [];
  const said = typeof value === 'number' ? raw : value;
  if (typeof value === 'number') repairs.push('number-for-text');
  // Line breaks and tabs belong to a text; other control characters and half characters break files and databases.
  const clean = said
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '');
  if (clean !== said) repairs.push('control-characters');
  const text = clean.trim();
  if (text !== clean) repairs.push('white-space');
  const limit = maxLength ?? defaultMaxLength;
  const length = text.length > limit ? [...text].length : 0;
  if (length > limit) return misfit(`the text has ${length} characters; at most ${limit} fit`);
  return text === '' ? misfit('it needs an answer') : answered(text, repairs);
}

function noOption(raw: string, ambiguous: boolean): string {
  return ambiguous
    ? `${quoted(raw)} could mean more than one option; repeat one exactly as listed`
    : `${quoted(raw)} is not one of the options; repeat one exactly as listed`;
}

function quoted(raw: string): string {
  return shortened(oneLine(raw), 120);
}

function answered(value: AnswerValue | null, repairs: readonly Repair[]): AnswerReading {
  return { fits: true, status: 'answered', value, repairs };
}

function misfit(problem: string): AnswerReading {
  return { fits: false, problem };
}

function repaired(reading: AnswerReading, repair: Repair): AnswerReading {
  return reading.fits ? { ...reading, repairs: [repair, ...reading.repairs] } : reading;
}
