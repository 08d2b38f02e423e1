export const REDACTED = '[redacted]';

/** A shorter key protects nothing, and would be found in ordinary words: local servers take `none`, `ollama`, `test`. */
const SHORTEST_SECRET_CHARS = 8;

/** What can only be a credential, also one that the environment does not hold. Each is read in linear time. */
const credentials: readonly (readonly [RegExp, string])[] = [
  // With a digit: "bearer responsibilities" are none.
  [/\b(Bearer|Basic)\s+(?=[\w.~+/-]*\d)[\w.~+/-]{16,}=*/gi, `$1 ${REDACTED}`],
  [
    /\b(authorization|(?:x-)?api[-_]?key|x-goog-api-key)(["']?\s?[:=]\s?["']?)[\w.~+/-]{16,}=*/gi,
    `$1$2${REDACTED}`,
  ],
  [/\bsk-[\w-]{16,}/g, REDACTED],
  [/\bAIza[\w-]{30,}/g, REDACTED],
];

/**
 * Takes keys out of what servers send back: errors, replies and the names of models. Some repeat the key that they
 * refuse, and a reply goes into the database, exports, reports and spans.
 */
export class Redactor {
  readonly #secrets: readonly string[];

  /** @param secrets keys and passwords; those under 8 characters are ignored */
  constructor(secrets: readonly string[]) {
    const long = secrets
      .map((secret) => secret.trim())
      .filter((secret) => secret.length >= SHORTEST_SECRET_CHARS);
    const spelt = long.flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
    ]);
    // The longest first: one may begin with another.
    this.#secrets = [...new Set(spelt)].sort((a, b) => b.length - a.length);
  }

  /** The text with `[redacted]` in place of each secret, and of what looks like a credential. */
  redact(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, REDACTED);
    for (const [pattern, mark] of credentials) clean = clean.replace(pattern, mark);
    return clean;
  }
}
