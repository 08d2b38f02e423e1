/** What spreadsheets read as a formula, also after white space and in full-width forms. */
const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

/**
 * A text that no spreadsheet runs: what would start a formula gets an apostrophe before it, as spreadsheets
 * themselves mark texts. Numbers are cells of their own and keep their sign.
 */
export function inertText(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}
