export const REDACTED = '[redacted]';

/** A shorter key protects nothing and would match ordinary words: local servers take `none`, `ollama`, `test`. */
const SHORTEST_SECRET_CHARS = 8;

/** What can only be a credential, known or not. Each pattern matches in linear time. */
const credentials: readonly (readonly [RegExp, string])[] = [
  // With a digit: "bearer responsibilities" isn't a credential.
  [/\b(Bearer|Basic)\s+(?=[\w.~+/-]*\d)[\w.~+/-]{16,}=*/gi, `$1 ${REDACTED}`],
  [
    /\b(authorization|(?:x-)?api[-_]?key|x-goog-api-key)(["']?\s?[:=]\s?["']?)[\w.~+/-]{16,}=*/gi,
    `$1$2${REDACTED}`,
  ],
  [/\bsk-[\w-]{16,}/g, REDACTED],
  [/\bAIza[\w-]{30,}/g, REDACTED],
];

/**
 * Removes keys from what servers send: errors, replies and names of models. Some servers repeat the key that they refuse,
 * and a reply gets into the database, exports, reports and spans.
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
