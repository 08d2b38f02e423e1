/** The start of a formula at the beginning of a text, also after white space and in full-width forms. */
const atStart = /^(?=[\t\r\n]|[[\s\p{Cc}\p{Cf}]--[\t\r\n]]*[=+\-@\uff1d\uff0b\uff0d\uff20])/v;
/**
 * The start of a formula after a semicolon or tab: a spreadsheet that uses them as separators ignores a quote in the
 * middle of a cell. A number alone is not a formula.
 */
const behindSeparator =
  /([;\t\r\n\u2028\u2029][[\s\p{Cc}\p{Cf}"]--[;\t\r\n\u2028\u2029]]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])(?![+\-]?\d{1,15}(?:\.\d{1,15})?\s*(?:[;\t\r\n]|$))/gv;

/**
 * Makes a text that no spreadsheet runs as a formula, with any separator: the start of a formula gets a leading
 * apostrophe, which is how spreadsheets mark texts. Numbers are not passed through here, so they keep their sign.
 */
export function inertText(text: string): string {
  return text.replace(behindSeparator, "$1'").replace(atStart, "'");
}
