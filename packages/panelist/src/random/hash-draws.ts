/**
 * Draws without a generator: each is a pure function of its inputs (seed, persona, question …) and independent of earlier
 * draws. They have 32 bits, which is enough for a simulator but not for secrets.
 */

/** A 32-bit hash of `text` (FNV-1a over its UTF-16 units, then mixed). */
export function hashText(text: string, seed = 0): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return scramble(hash);
}

/** Combines two hashes into one of 32 bits; the order matters. */
export function mix(a: number, b: number): number {
  return scramble(Math.imul(a, 0x9e3779b1) ^ (b + 0x7f4a7c15));
}

/** A number in (0, 1), uniform over hashes. */
export function unit(hash: number): number {
  return ((hash >>> 0) + 0.5) / 4_294_967_296;
}

/**
 * An approximately normal number with mean 0 and standard deviation 1 (the sum of the four bytes of `hash`), within ±3.5.
 * Its 95th percentile is 1.65, like that of the normal distribution.
 */
export function normal(hash: number): number {
  const sum = (hash & 255) + ((hash >>> 8) & 255) + ((hash >>> 16) & 255) + ((hash >>> 24) & 255);
  return (sum - 510) / 147.8;
}

/** The share of a normal distribution below `z` (a logistic approximation, within 0.01). */
export function shareBelow(z: number): number {
  return 1 / (1 + Math.exp(-1.702 * z));
}

/** MurmurHash3's finalizer: every input bit affects every output bit. */
function scramble(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
