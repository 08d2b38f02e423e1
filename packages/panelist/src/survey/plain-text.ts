/** Text on one line, so that nothing in it can look like a line of ours: white space and control characters flatten. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** The form in which two texts that read the same are equal: compatibility forms, case and white space aside. */
export function normalised(text: string): string {
  return oneLine(text.normalize('NFKC').toLowerCase());
}

/** At most `max` UTF-16 units, no character cut in two, and `…` where something is missing. */
export function shortened(text: string, max: number): string {
  return text.length <= max ? text : `${cut(text, max)}…`;
}

/** As `shortened`, but says how long the whole was: for what is kept as evidence. */
export function bounded(text: string, max: number): string {
  return text.length <= max ? text : `${cut(text, max)}… [cut: ${text.length} characters in all]`;
}

function cut(text: string, max: number): string {
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}
