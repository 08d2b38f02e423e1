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

const NUMBER = String.raw`(-?\d{1,15}(?:\.\d{1,9})?)`;
const FROM_TO = new RegExp(String.raw`\bnumber from ${NUMBER} to ${NUMBER}`);
const AT_LEAST = new RegExp(String.raw`\bnumber, at least ${NUMBER}`);
const AT_MOST = new RegExp(String.raw`\bnumber, at most ${NUMBER}`);
const STEPS = new RegExp(String.raw`\bin steps of ${NUMBER}`);
const LEAST_CHARACTERS = /\bat least (\d{1,6}) characters\b/;
const EXACTLY = /\b(?:[Cc]hoose|Rank) exactly (\d{1,4})\b/;
const SOME = /\b(?:[Cc]hoose|Rank) (\d{1,4}) to (\d{1,4})\b/;
const MANY = /\b[Cc]hoose (?:at least|all that apply, at least) (\d{1,4}|one)\b/;
const CHARACTERS = /\bat most (\d{1,6}) characters\b/;
/** The next question's line: `q7. …`, `q7 (optional). …`. */
const NEXT_QUESTION = /\n[ \t]*\w{1,40}(?: \(optional\))?[.:)] /;
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
  for (const { after } of placesOf(title, texts, REACH)) {
    const limits = limitsIn(after);
    if (Object.keys(limits).length > 0) return limits;
  }
  return {};
}

/** Where a question stands in the prompts: what its line holds before its title, and what follows up to the next. */
export interface PromptPlace {
  readonly before: string;
  readonly after: string;
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
    };
  }
}

function limitsIn(text: string): PromptLimits {
  const most = CHARACTERS.exec(text);
  const least = LEAST_CHARACTERS.exec(text);
  if (most !== null || least !== null)
    return { ...(least && { minLength: Number(least[1]) }), ...(most && { maxLength: Number(most[1]) }) };
  const steps = STEPS.exec(text);
  return { ...countsIn(text), ...(steps && { multipleOf: Number(steps[1]) }) };
}

function countsIn(text: string): PromptLimits {
  const range = FROM_TO.exec(text);
  if (range !== null) return { minimum: Number(range[1]), maximum: Number(range[2]) };
  const atLeast = AT_LEAST.exec(text);
  if (atLeast !== null) return { minimum: Number(atLeast[1]) };
  const atMost = AT_MOST.exec(text);
  if (atMost !== null) return { maximum: Number(atMost[1]) };
  const exactly = EXACTLY.exec(text);
  if (exactly !== null) return { minItems: Number(exactly[1]), maxItems: Number(exactly[1]) };
  const some = SOME.exec(text);
  if (some !== null) return { minItems: Number(some[1]), maxItems: Number(some[2]) };
  const many = MANY.exec(text);
  return many === null ? {} : { minItems: many[1] === 'one' ? 1 : Number(many[1]) };
}
