import { hash } from 'node:crypto';

/** A line that many requests share. */
export interface RequestPart {
  readonly hash: string;
  readonly text: string;
  /** Whether it is known to be in the database, so that it need not be written again. */
  isStored: boolean;
}

export const PART_HASH_CHARS = 16;

/** Characters of the parts that are remembered: some 10 MB with all that is around them. */
const MAX_REMEMBERED_CHARS = 2_000_000;

/** The parts of the latest requests by their texts: hashing each line of each request again would take as long as a write. */
export class RequestParts {
  readonly #byText = new Map<string, RequestPart>();
  #chars = 0;

  of(line: string): RequestPart {
    const known = this.#byText.get(line);
    if (known !== undefined) return known;
    if (this.#chars > MAX_REMEMBERED_CHARS) {
      this.#byText.clear();
      this.#chars = 0;
    }
    // A copy: V8's slice of a prompt would keep the whole prompt in memory.
    const text = Buffer.from(line, 'utf16le').toString('utf16le');
    const part: RequestPart = { hash: hashOf(text), text, isStored: false };
    this.#byText.set(text, part);
    this.#chars += text.length;
    return part;
  }
}

/** 96 bits: a request is checked by the hash of the whole when it is read. */
function hashOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, PART_HASH_CHARS);
}
