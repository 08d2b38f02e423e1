import { isInRange, parseRange } from './number-range.ts';
import type { PersonaField } from './persona.ts';
import type { Question } from './question.ts';
import { isCjk, isWithin, shareConcept, shareTopic } from './topics.ts';

/** The option that the persona itself states, where the question asks for something that it states. */
export function ownOption(question: Question, options: readonly unknown[]): unknown {
  for (const field of question.persona.fields) {
    const option =
      field.number === null
        ? optionSaying(field, question, options)
        : optionHolding(field.number, field, question, options);
    if (option !== undefined) return option;
  }
  return undefined;
}

/** The number that the persona states for what the question asks; a birth year follows from an age. */
export function ownNumber(question: Question): number | null {
  const numeric = question.persona.fields.filter((field) => field.number !== null);
  const stated = numeric.find((field) => isWithin(field.topics, question.topics));
  if (stated !== undefined) return stated.number;
  const age = numeric.find((field) => field.topics.has('age'))?.number ?? null;
  return age !== null && question.topics.has('birth') ? REFERENCE_YEAR - age : null;
}

/** What the persona states, where the question asks for that and nothing else: "What is your occupation?" */
export function ownText(question: Question): string | null {
  const field = question.persona.fields.find(
    ({ topics }) => isWithin(question.topics, topics) && isWithin(topics, question.topics),
  );
  return field?.value ?? null;
}

/** Ages are turned into birth years as of this year: the clock's would change answers from one year to the next. */
const REFERENCE_YEAR = 2026;

/**
 * A number is looked for among numbers only when the question asks for the very thing, or a rating from 1 to 5
 * would be answered with the number of children.
 */
function optionHolding(
  value: number,
  field: PersonaField,
  question: Question,
  options: readonly unknown[],
): unknown {
  const isAsked = isWithin(field.topics, question.topics);
  if (!isAsked && !shareConcept(field.topics, question.topics)) return undefined;
  return options.find((option) => {
    if (typeof option === 'number') return isAsked && option === value;
    const range = typeof option === 'string' ? parseRange(option) : null;
    return range !== null && isInRange(value, range);
  });
}

function optionSaying(field: PersonaField, question: Question, options: readonly unknown[]): unknown {
  if (!shareTopic(field.topics, question.topics)) return undefined;
  const stated = normalise(field.value);
  if (stated === '') return undefined;
  const candidates = options
    .map((option) => ({ option, text: typeof option === 'string' ? normalise(option) : '' }))
    .filter(({ text }) => text !== '');
  const longestFirst = candidates.toSorted((a, b) => b.text.length - a.text.length);
  return (
    candidates.find(({ text }) => text === stated) ??
    longestFirst.find(({ text }) => holds(stated, text)) ??
    longestFirst.findLast(({ text }) => holds(text, stated))
  )?.option;
}

/** Whole words for alphabets ("male" is not in "female"), any stretch for Chinese. */
function holds(text: string, part: string): boolean {
  return isCjk(part) ? text.includes(part) : ` ${text} `.includes(` ${part} `);
}

/** The few answers that are common enough in either language to be worth translating. */
const SYNONYMS: Readonly<Record<string, string>> = {
  man: 'male',
  men: 'male',
  男: 'male',
  男性: 'male',
  男士: 'male',
  woman: 'female',
  women: 'female',
  女: 'female',
  女性: 'female',
  女士: 'female',
};

function normalise(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .split(' ')
    .map((word) => (Object.hasOwn(SYNONYMS, word) ? SYNONYMS[word] : word))
    .join(' ');
}
