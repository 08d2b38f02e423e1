import {
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  record,
  type Shape,
  text,
} from '../../stored/shapes.ts';
import { storedAs } from '../../stored/stored-row.ts';
import type { ChatMessage, ChatRequest } from '../chat-model.ts';
import { LONGEST_REQUEST_CHARS } from './reply-store.ts';
import { requestHash, schemaText } from './request-hash.ts';
import { PART_HASH_CHARS, type RequestPart, type RequestParts } from './request-parts.ts';

export interface EncodedRequest {
  /** JSON with the hashes of its parts. */
  readonly request: string;
  readonly parts: readonly RequestPart[];
}

/** Lines in place, or the hashes of lines that are stored as parts, one behind the other. */
type Piece = string | { readonly parts: string };

/** As it is in the database. */
interface RequestRow {
  readonly messages: readonly { readonly role: ChatMessage['role']; readonly content: readonly Piece[] }[];
  readonly replySchema: { readonly name: string; readonly schema: readonly Piece[] } | null;
  readonly temperature?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly seed?: number | undefined;
  readonly replicate?: number | undefined;
}

/** A shorter line takes no more room than its hash. */
const SHORTEST_PART_CHARS = 32;

const partList: Shape<{ readonly parts: string }> = object({ parts: text });
const pieces: Shape<readonly Piece[]> = list((value) => (typeof value === 'string' ? null : partList(value)));

const requestRow: Shape<RequestRow> = object<RequestRow>({
  messages: list(
    object<RequestRow['messages'][number]>({ role: oneOf('system', 'user', 'assistant'), content: pieces }),
  ),
  replySchema: nullable(object<NonNullable<RequestRow['replySchema']>>({ name: text, schema: pieces })),
  temperature: optional(number),
  maxOutputTokens: optional(number),
  seed: optional(number),
  replicate: optional(number),
});

const schemaShape = record<unknown>(() => null);

/**
 * Prompts repeat each other: instructions and questions are the same for every respondent, and a later prompt has the
 * answers that an earlier one had. So each long line is stored once. `null` for a request that is too long to be stored, or is not
 * Unicode text.
 */
export function encodeRequest(
  { messages, replySchema, ...settings }: ChatRequest,
  known: RequestParts,
): EncodedRequest | null {
  const texts = messages.map(({ content }) => content);
  if (replySchema !== null) texts.push(schemaText(replySchema));
  const chars = texts.reduce((sum, each) => sum + each.length, 0);
  // Half a surrogate pair would come back from a database as another character, and give another hash.
  if (chars > LONGEST_REQUEST_CHARS || !texts.every((each) => each.isWellFormed())) return null;
  const parts: RequestPart[] = [];
  const encode = (content: string): readonly Piece[] => encodeLines(content, known, parts);
  const row: RequestRow = {
    messages: messages.map(({ role, content }) => ({ role, content: encode(content) })),
    replySchema: replySchema && { name: replySchema.name, schema: encode(schemaText(replySchema)) },
    ...settings,
  };
  return { request: JSON.stringify(row), parts };
}

function encodeLines(content: string, known: RequestParts, parts: RequestPart[]): readonly Piece[] {
  const encoded: Piece[] = [];
  let short: string[] = [];
  let hashes = '';
  const end = (): void => {
    if (short.length > 0) encoded.push(short.join('\n'));
    if (hashes !== '') encoded.push({ parts: hashes });
    short = [];
    hashes = '';
  };
  for (const line of content.split('\n')) {
    if (line.length < SHORTEST_PART_CHARS) {
      if (hashes !== '') end();
      short.push(line);
    } else {
      if (short.length > 0) end();
      const part = known.of(line);
      parts.push(part);
      hashes += part.hash;
    }
  }
  end();
  return encoded;
}

/** A request as it was read from its row: the parts that it needs are read next. */
export class StoredRequest {
  readonly #hash: string;
  readonly #row: RequestRow;

  /** @throws PanelistError `ROW_INVALID` */
  constructor(stored: string, hash: string) {
    this.#hash = hash;
    this.#row = storedAs(requestRow, parsed(stored), { requestHash: hash });
  }

  get parts(): ReadonlySet<string> {
    const { messages, replySchema } = this.#row;
    const all = [...messages.flatMap(({ content }) => content), ...(replySchema?.schema ?? [])];
    return new Set(all.flatMap(hashesIn));
  }

  /**
   * The request as it was sent: it has the hash that it is stored under.
   *
   * @throws PanelistError `ROW_INVALID`
   */
  decode(texts: ReadonlyMap<string, string>, modelIdentity: string): ChatRequest {
    const { messages, replySchema, ...settings } = this.#row;
    const place = { requestHash: this.#hash };
    const decode = (content: readonly Piece[]): string =>
      content
        .flatMap((piece) =>
          typeof piece === 'string' ? piece : hashesIn(piece).map((hash) => texts.get(hash) ?? ''),
        )
        .join('\n');
    const request: ChatRequest = {
      messages: messages.map(({ role, content }) => ({ role, content: decode(content) })),
      replySchema: replySchema && {
        name: replySchema.name,
        schema: storedAs(schemaShape, parsed(decode(replySchema.schema)), place),
      },
      ...settings,
    };
    const isSent = requestHash(modelIdentity, request) === this.#hash;
    return storedAs<ChatRequest>(() => (isSent ? null : 'its request has another hash'), request, place);
  }
}

function hashesIn(piece: Piece): readonly string[] {
  if (typeof piece === 'string') return [];
  const hashes: string[] = [];
  for (let at = 0; at < piece.parts.length; at += PART_HASH_CHARS) {
    hashes.push(piece.parts.slice(at, at + PART_HASH_CHARS));
  }
  return hashes;
}

/** `undefined` for what is not JSON, which the check then refuses. */
export function parsed(column: unknown): unknown {
  try {
    return JSON.parse(column as string);
  } catch {
    return undefined;
  }
}
