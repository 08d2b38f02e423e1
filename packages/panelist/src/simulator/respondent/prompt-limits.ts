import { type PromptWords, wordsOf } from './prompt-words.ts';

/** What the words around a question ask of its answer, beyond the schema. What they do not say is missing. */
export interface PromptLimits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  /** Characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Steps of a number, counted from its minimum. */
  readonly multipleOf?: number;
}

/** The next question's line: `q7. …`, `q7 (optional). …`. */
const NEXT_QUESTION = /\n[ \t]*\w{1,40}(?: \(optional\)|（选答）)?[.:)] /;
/** How far after a question's title its limits are looked for. */
const REACH = 600;

/**
 * Providers' strict schemas take no bounds, so prompts tell them in words, as `survey/prompt.ts` does: "a whole
 * number from 0 to 20", "Choose 1 to 3", "at most 80 characters". A model reads them; so must whoever stands in for
 * one.
 *
 * @param texts the user's messages, oldest first; the newest that limits the question counts
 */
export function promptLimits(title: string, texts: readonly string[]): PromptLimits {
  for (const { after, words } of placesOf(title, texts, REACH)) {
    const limits = limitsIn(after, words);
    if (Object.keys(limits).length > 0) return limits;
  }
  return {};
}

/** Where a question stands in the prompts: what its line holds before its title, and what follows up to the next. */
export interface PromptPlace {
  readonly before: string;
  readonly after: string;
  /** Of the language that the prompt is written in. */
  readonly words: PromptWords;
}

/**
 * The newest first.
 *
 * @param reach characters that are looked at after the title
 */
export function* placesOf(title: string, texts: readonly string[], reach: number): Generator<PromptPlace> {
  if (title === '') return;
  for (const text of texts.toReversed()) {
    const at = text.lastIndexOf(title);
    if (at < 0) continue;
    const after = text.slice(at + title.length, at + title.length + reach);
    const end = after.search(NEXT_QUESTION);
    const before = text.slice(Math.max(0, at - 80), at);
    yield {
      before: before.slice(before.lastIndexOf('\n') + 1),
      after: end < 0 ? after : after.slice(0, end),
      words: wordsOf(text),
    };
  }
}

function limitsIn(text: string, { limits }: PromptWords): PromptLimits {
  const [mostCharacters] = numbers(limits.mostCharacters, text);
  const [leastCharacters] = numbers(limits.leastCharacters, text);
  if (mostCharacters !== undefined || leastCharacters !== undefined)
    return {
      ...(leastCharacters !== undefined && { minLength: leastCharacters }),
      ...(mostCharacters !== undefined && { maxLength: mostCharacters }),
    };
  const [steps] = numbers(limits.steps, text);
  return { ...boundsIn(text, limits), ...(steps !== undefined && { multipleOf: steps }) };
}

function boundsIn(text: string, limits: PromptWords['limits']): PromptLimits {
  const [minimum, maximum] = numbers(limits.numberFromTo, text);
  if (minimum !== undefined && maximum !== undefined) return { minimum, maximum };
  const [least] = numbers(limits.numberAtLeast, text);
  if (least !== undefined) return { minimum: least };
  const [most] = numbers(limits.numberAtMost, text);
  if (most !== undefined) return { maximum: most };
  const [exactly] = numbers(limits.exactly, text);
  if (exactly !== undefined) return { minItems: exactly, maxItems: exactly };
  const [minItems, maxItems] = numbers(limits.between, text);
  if (minItems !== undefined && maxItems !== undefined) return { minItems, maxItems };
  const [atLeast] = numbers(limits.atLeast, text);
  if (atLeast !== undefined) return { minItems: atLeast };
  return limits.atLeastOne.test(text) ? { minItems: 1 } : {};
}

/** What a pattern captures; empty where it is not found. */
function numbers(pattern: RegExp, text: string): number[] {
  return pattern.exec(text)?.slice(1).map(Number) ?? [];
}
