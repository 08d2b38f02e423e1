import { normalised, oneLine } from '../../text/one-line.ts';
import { shortened } from '../../text/shortened.ts';
import type { AnswerStatus, AnswerValue } from '../answer.ts';
import type { Frame } from '../frame/frame.ts';
import type { AskedQuestion } from '../prompt/asked-question.ts';
import type { Choices } from '../prompt/choices.ts';
import { howMany, howManyRanked, numberRange } from '../prompt/prompt.ts';
import type {
  MultipleChoiceQuestion,
  NumberQuestion,
  Option,
  OptionValue,
  RankingQuestion,
  TextQuestion,
} from '../questionnaire.ts';
import { declines } from './declined.ts';
import { isLeftEmpty, leftEmpty } from './left-empty.ts';
import type { Repair } from './repairs.ts';
import type { ReplyMember } from './reply-json.ts';
import { readFormattedText } from './text-formats.ts';

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
  const { question } = asked;
  const several = question.kind === 'multiple-choice' || question.kind === 'ranking';
  if (!several && Array.isArray(value) && value.length === 1 && !isCompound(value[0])) {
    const only = { value: value[0], raw: raw.slice(1, -1).trim() };
    return repaired(readAnswer(asked, only), 'list-for-single');
  }
  if (isLeftEmpty(asked, value)) {
    if (question.isRequired) return misfit(asked.frame.problems.needsAnswer);
    const asAsked = several ? Array.isArray(value) : value === null || value === '' || value === leftEmpty;
    return answered(null, asAsked ? [] : ['empty-for-null']);
  }
  const reading = withRole(readOwn(asked, value, raw), asked);
  // Only what is no answer can be a refusal, but for free text, where anything is an answer.
  const isFreeText = question.kind === 'text' && question.format === 'plain';
  const status = reading.fits && !isFreeText ? null : declined(value);
  return status === null ? reading : { fits: true, status, value: null, repairs: [] };
}

function readOwn(asked: AskedQuestion, value: unknown, raw: string): AnswerReading {
  const { question, choices, frame } = asked;
  if (choices && question.kind === 'multiple-choice')
    return readSeveral(question, asked, choices, value, raw);
  if (choices && question.kind === 'ranking') return readRanking(question, choices, value, raw, frame);
  if (choices) return readOne(choices, question.isRequired ? value : asLabel(choices, value), raw, frame);
  return question.kind === 'number'
    ? readNumber(question, value, raw, frame)
    : readText(question as TextQuestion, value, raw, frame);
}

/** An option that declines gives the answer that status, and stays its value. */
function withRole(reading: AnswerReading, { options }: AskedQuestion): AnswerReading {
  if (!reading.fits || reading.value === null) return reading;
  const values = (Array.isArray(reading.value) ? reading.value : [reading.value]) as readonly OptionValue[];
  const [only] = values;
  const role = values.length === 1 ? options?.find((option) => option.value === only)?.role : undefined;
  return role === 'refused' || role === 'dont-know' ? { ...reading, status: role } : reading;
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

function readOne(choices: Choices, value: unknown, raw: string, frame: Frame): AnswerReading {
  const match = choices.match(value);
  if (!match.matched) return misfit(noOption(raw, match.ambiguous, frame));
  return answered(choices.values[match.index] as OptionValue, match.repairs);
}

interface Chosen {
  /** Indices into the options as shown, in the order in which they were said. */
  readonly indices: ReadonlySet<number>;
  readonly repairs: Set<Repair>;
  readonly isRepeated: boolean;
}

function readList(choices: Choices, value: unknown, raw: string, frame: Frame): Chosen | string {
  const repairs = new Set<Repair>();
  if (!Array.isArray(value)) repairs.add('single-for-list');
  const indices = new Set<number>();
  let isRepeated = false;
  for (const said of Array.isArray(value) ? value : [value]) {
    const match = choices.match(said);
    if (!match.matched) {
      return noOption(typeof said === 'string' ? JSON.stringify(said) : raw, match.ambiguous, frame);
    }
    for (const repair of match.repairs) repairs.add(repair);
    if (indices.has(match.index)) isRepeated = true;
    indices.add(match.index);
  }
  return { indices, repairs, isRepeated };
}

function readSeveral(
  question: MultipleChoiceQuestion,
  { options, frame }: AskedQuestion,
  choices: Choices,
  value: unknown,
  raw: string,
): AnswerReading {
  const chosen = readList(choices, value, raw, frame);
  if (typeof chosen === 'string') return misfit(chosen);
  const { indices, repairs, isRepeated } = chosen;
  if (isRepeated) repairs.add('duplicate-item');
  const alone = [...indices].map((index) => options?.[index]).find((option) => option?.isExclusive === true);
  if (alone !== undefined) {
    if (indices.size > 1) return misfit(frame.problems.onlyAlone(quoted(String(alone.text))));
    return answered([alone.value], [...repairs]);
  }
  if (indices.size < question.minSelected || indices.size > question.maxSelected) {
    return misfit(frame.problems.wrongCount(indices.size, howMany(question, frame, choices.values.length)));
  }
  // In the questionnaire's order, whatever order they were shown in: the same choice is always the same value.
  const values = new Set([...indices].map((index) => choices.values[index] as OptionValue));
  const inOrder = question.options.map((option: Option) => option.value).filter((each) => values.has(each));
  return answered(inOrder, [...repairs]);
}

function readRanking(
  question: RankingQuestion,
  choices: Choices,
  value: unknown,
  raw: string,
  frame: Frame,
): AnswerReading {
  const chosen = readList(choices, value, raw, frame);
  if (typeof chosen === 'string') return misfit(chosen);
  const { indices, repairs, isRepeated } = chosen;
  // Either position may have been meant.
  if (isRepeated) return misfit(frame.problems.rankedTwice);
  if (indices.size < question.minSelected || indices.size > question.maxSelected) {
    return misfit(
      frame.problems.wrongRankCount(indices.size, howManyRanked(question, frame, choices.values.length)),
    );
  }
  return answered(
    [...indices].map((index) => choices.values[index] as OptionValue),
    [...repairs],
  );
}

function readNumber(question: NumberQuestion, value: unknown, raw: string, frame: Frame): AnswerReading {
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
    (max !== null && (number as number) > max) ||
    !isOnStep(number as number, question)
  ) {
    return misfit(frame.problems.isNot(quoted(raw), numberRange(question, frame)));
  }
  // Adding 0 makes -0 a plain 0.
  return answered((number as number) + 0, repairs);
}

function isOnStep(number: number, { step, min }: NumberQuestion): boolean {
  if (step === null) return true;
  const steps = (number - (min ?? 0)) / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

function readText(question: TextQuestion, value: unknown, raw: string, frame: Frame): AnswerReading {
  const { problems } = frame;
  if (typeof value !== 'string' && typeof value !== 'number') return misfit(problems.notText(quoted(raw)));
  const repairs: Repair[] = [];
  const said = typeof value === 'number' ? raw : value;
  if (typeof value === 'number') repairs.push('number-for-text');
  // Line breaks and tabs belong to a text; other control characters and half characters break files and databases.
  const clean = said
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/(?![\n\t])\p{Cc}/gu, '');
  if (clean !== said) repairs.push('control-characters');
  if (said.includes('\ufffd')) repairs.push('replacement-character');
  const text = clean.trim();
  if (text !== clean) repairs.push('white-space');
  const limit = question.maxLength ?? defaultMaxLength;
  const length = text.length > limit ? [...text].length : 0;
  if (length > limit) return misfit(problems.tooLong(length, limit));
  if (text === '') return misfit(problems.needsAnswer);
  const formatted = readFormattedText(question, text, frame);
  if (typeof formatted === 'string') return misfit(formatted);
  return answered(formatted.text, [...repairs, ...formatted.repairs]);
}

function noOption(raw: string, ambiguous: boolean, { problems }: Frame): string {
  return ambiguous ? problems.ambiguous(quoted(raw)) : problems.noOption(quoted(raw));
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
