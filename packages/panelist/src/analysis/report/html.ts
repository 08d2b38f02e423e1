import { shortened } from '../../text/shortened.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';

let make: (markup: string) => Html;
/** The markup of an `Html` made in this module; `undefined` for anything else. */
let made: (value: unknown) => string | undefined;

/**
 * A piece of HTML. Only this module can make one, so that every text on a page is escaped: an object from a database row
 * or a reply cannot pass as one.
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

/** Maximum length of a text from a survey or a model, in characters. */
const maxText = 1_000;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML with escaped texts. Safe only between tags and in quoted attributes. */
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

/** Marks constant markup as HTML. It must not contain texts from outside. */
export function ownMarkup(markup: string): Html {
  return make(markup);
}

export const nothing: Html = ownMarkup('');

/**
 * Cleans a text from a survey, an audience or a model: one line, without control and direction characters, at most 1,000
 * characters.
 */
export function outside(text: string): string {
  return shortened(terminalSafe(text), maxText);
}
