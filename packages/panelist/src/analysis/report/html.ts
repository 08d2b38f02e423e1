import { shortened } from '../../text/shortened.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';

let make: (markup: string) => Html;
/** The markup of a piece of HTML that was made here; `undefined` for anything else. */
let made: (value: unknown) => string | undefined;

/**
 * A piece of HTML. Only this module makes one, so that no text gets into a page without being escaped: an object of a
 * database row or a reply that looks like one is not.
 */
export class Html {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  static {
    make = (markup) => new Html(markup);
    made = (value) =>
      typeof value === 'object' && value !== null && #markup in value ? value.#markup : undefined;
  }

  get markup(): string {
    return this.#markup;
  }
}

type Part = string | number | Html | readonly Html[];

/** Characters of one text from a survey or a model. */
const maxText = 1_000;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML with texts put in, each escaped: safe between tags and in quoted attributes, and there only. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let markup = literals[0] as string;
  for (const [place, part] of parts.entries()) markup += markupOf(part) + (literals[place + 1] as string);
  return make(markup);
}

function markupOf(part: Part): string {
  const markup = made(part);
  if (markup !== undefined) return markup;
  if (Array.isArray(part)) return part.map(markupOf).join('');
  return String(part).replace(/[&<>"']/g, (char) => entities[char] as string);
}

/** Markup of our own, with no text from outside in it. */
export function ownMarkup(markup: string): Html {
  return make(markup);
}

export const nothing: Html = ownMarkup('');

/**
 * A text from a survey, an audience or a model: on one line, without control and direction characters, at most 1,000
 * characters.
 */
export function outside(text: string): string {
  return shortened(terminalSafe(text), maxText);
}
