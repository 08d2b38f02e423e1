import { terminalSafe } from './terminal-safe.ts';

/** Any character except white space that is allowed in a code span, also inside a table. */
const solid = '[^\\s`|]';
const scheme = '[A-Za-z][A-Za-z0-9+.\\-]*';
const mailName = '[\\p{L}\\p{N}._%+\\-]';
const hostName = '[\\p{L}\\p{N}_\\-]';

/**
 * Addresses that renderers turn into links: with a scheme or only `//`, `www.`, and e-mail addresses. A backslash does not
 * prevent all of these links, a code span does. A match extends to the next white space, so that no two are
 * adjacent. A name is matched only from its beginning, so that the time is linear.
 */
const addresses = new RegExp(
  [
    `(?<![A-Za-z0-9+.\\-])${scheme}://${solid}+`,
    `//${solid}+`,
    `www\\.${solid}+`,
    `(?:mailto|xmpp):${solid}+`,
    `(?<!${mailName})${mailName}+@${hostName}+(?:\\.${hostName}+)+${solid}*`,
  ].join('|'),
  'giu',
);

/**
 * Escapes a text from outside for a line of Markdown (CommonMark with GFM's tables and links): it contains no markup and
 * no link. The result is one line without control and direction characters.
 */
export function markdownText(text: string): string {
  const safe = terminalSafe(text);
  let written = '';
  let end = 0;
  for (const { 0: address, index } of safe.matchAll(addresses)) {
    written += `${escaped(safe.slice(end, index))}\`${address}\``;
    end = index + address.length;
  }
  return written + escaped(safe.slice(end));
}

/** Like `markdownText`, for a whole line or heading: its beginning cannot start a heading or a list. */
export function markdownLine(text: string): string {
  return markdownText(text)
    .replace(/^[-+=#]/, '\\$&')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2')
    .replace(/(?<!\\)#$/, '\\#');
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|~&$]/g, '\\$&');
}
