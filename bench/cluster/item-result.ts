/** A result of 2 KB, the same whenever the item is worked on: words, since results are text and compress like text. */
const words =
  'the market opens at eight and most people come before noon because fresh bread sells out early while others prefer a quiet walk through stalls of fruit flowers cheese and old books near the river where music plays on warm days'.split(
    ' ',
  );
const BYTES = 2_048;

export function resultOf(key: string): string {
  let state = 2_166_136_261;
  for (const character of key) state = Math.imul(state ^ character.charCodeAt(0), 16_777_619) >>> 0;
  let text = `${key}:`;
  while (text.length < BYTES) {
    // xorshift32
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    text += ` ${words[state % words.length]}`;
  }
  return text.slice(0, BYTES);
}
