import { shortened } from '../../text/shortened.ts';
import { terminalSafe } from '../../text/terminal-safe.ts';

/** A piece of HTML. Made by `html`, so that no text gets into a page without being escaped. */
export interface Html {
  readonly markup: string;
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
  return { markup };
}

function markupOf(part: Part): string {
  if (typeof part === 'object')
    return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
  return String(part).replace(/[&<>"']/g, (char) => entities[char] as string);
}

/** Markup of our own, with no text from outside in it. */
export function ownMarkup(markup: string): Html {
  return { markup };
}

export const nothing: Html = ownMarkup('');

/**
 * A text from a survey, an audience or a model: on one line, without control and direction characters, at most 1,000
 * characters.
 */
export function outside(text: string): string {
  return shortened(terminalSafe(text), maxText);
}
