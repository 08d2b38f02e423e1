/** What spreadsheets read as a formula at the beginning of a text, also behind white space and in full-width forms. */
const atStart = /^(?=[\t\r\n]|[[\s\p{Cc}\p{Cf}]--[\t\r\n]]*[=+\-@\uff1d\uff0b\uff0d\uff20])/v;
/**
 * The same behind what separates cells where a spreadsheet takes semicolons or tabs for it: there a quote in the middle of a
 * cell protects nothing. A number alone is not a formula.
 */
const behindSeparator =
  /([;\t\r\n\u2028\u2029][[\s\p{Cc}\p{Cf}"]--[;\t\r\n\u2028\u2029]]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])(?![+\-]?\d{1,15}(?:\.\d{1,15})?\s*(?:[;\t\r\n]|$))/gv;

/**
 * A text that no spreadsheet runs, whatever it takes for the separator: what would start a formula gets an apostrophe
 * before it, as spreadsheets themselves mark texts. Numbers are cells of their own and keep their sign.
 */
export function inertText(text: string): string {
  return text.replace(behindSeparator, "$1'").replace(atStart, "'");
}
