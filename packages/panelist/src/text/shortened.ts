/** Cuts a text to at most `max` UTF-16 units, never inside a character, and marks the cut with `…`. */
export function shortened(text: string, max: number): string {
  return text.length <= max ? text : `${cutAt(text, max)}…`;
}

/** Like `shortened`, but adds the original length. For texts that are recorded as evidence. */
export function bounded(text: string, max: number): string {
  return text.length <= max ? text : `${cutAt(text, max)}… [cut: ${text.length} characters in all]`;
}

/** `text.slice(0, length)`, or one unit less if that would split a surrogate pair. */
export function cutAt(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
