/** At most `max` UTF-16 units, no character cut in two, and `…` where something is missing. */
export function shortened(text: string, max: number): string {
  return text.length <= max ? text : `${cutAt(text, max)}…`;
}

/** As `shortened`, but says how long the whole was: for what is recorded as evidence. */
export function bounded(text: string, max: number): string {
  return text.length <= max ? text : `${cutAt(text, max)}… [cut: ${text.length} characters in all]`;
}

/** `text.slice(0, length)`, less one where that would halve a surrogate pair. */
export function cutAt(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
