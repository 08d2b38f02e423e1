import { terminalSafe } from './terminal-safe.ts';

/** Anything but white space that can be in a code span, in a table too. */
const solid = '[^\\s`|]';
const scheme = '[A-Za-z][A-Za-z0-9+.\\-]*';
const mailName = '[\\p{L}\\p{N}._%+\\-]';
const hostName = '[\\p{L}\\p{N}_\\-]';

/**
 * What renderers make a link of though nobody wrote one: addresses with a scheme or only `//`, `www.`, e-mail addresses. A
 * backslash does not keep all of them from it, a code span does. Each reaches to the next white space, so that no two
 * touch; a name is only looked for where it begins, so that the time stays in proportion to the text.
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
 * A text from outside within a line of Markdown (CommonMark with GFM's tables and links): all of it stays text, and no
 * address in it becomes a link. On one line, without control and direction characters.
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

/** The same for a line, or the text of a heading: at its beginning it makes no heading and no list. */
export function markdownLine(text: string): string {
  return markdownText(text)
    .replace(/^[-+=#]/, '\\$&')
    .replace(/^(\d{1,9})([.)])/, '$1\\$2')
    .replace(/(?<!\\)#$/, '\\#');
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>|~&$]/g, '\\$&');
}
