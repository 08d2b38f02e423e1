/** Text on one line, so that nothing in it can look like a line of Panelist's own: white space and control characters flatten. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** The form in which two texts that read the same are equal: compatibility forms, case and white space aside. */
export function normalised(text: string): string {
  return oneLine(text.normalize('NFKC').toLowerCase());
}
