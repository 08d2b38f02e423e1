import type { ChatModel, ChatReply, ChatRequest, ReplySchema } from './chat-model.ts';
import { estimateRequestTokens } from './retrying-model.ts';
import { hashText, mix, unit } from './simulator/seeded-random.ts';
import { estimateTokens } from './tokens.ts';

type Json = Readonly<Record<string, unknown>>;

/** Of a free text: from a word or two to a few sentences, as people write into surveys. */
const MIN_WORDS = 2;
const MAX_WORDS = 60;
/** Of a list or number whose schema does not bound it. */
const DEFAULT_MAX_ITEMS = 3;
const DEFAULT_RANGE = 100;

/**
 * Stands in for a model where none is to be called: answers what a reply schema asks for at random, the same for the
 * same request and seed. Its answers mean nothing; they only go down the paths that answers go. Tokens are estimates.
 */
export class StandInModel implements ChatModel {
  readonly id: string;
  /** What it was asked and said, in turn. */
  readonly calls: { readonly request: ChatRequest; readonly reply: ChatReply }[] = [];
  readonly #seed: number;

  constructor(id: string, seed: number) {
    this.id = id;
    this.#seed = seed;
  }

  async reply(request: ChatRequest): Promise<ChatReply> {
    const text = JSON.stringify(answerTo(request.replySchema, this.#draws(request)));
    const reply: ChatReply = {
      text,
      finishReason: 'stop',
      returnedModel: this.id,
      inputTokens: estimateRequestTokens(request),
      outputTokens: estimateTokens(text),
      elapsedMs: 0,
    };
    this.calls.push({ request, reply });
    return reply;
  }

  #draws({ messages, replicate = 0 }: ChatRequest): () => number {
    let state = mix(hashText(messages.at(-1)?.content ?? '', this.#seed), replicate);
    return () => {
      state = mix(state, 1);
      return unit(state);
    };
  }
}

function answerTo(schema: ReplySchema | null, draw: () => number): unknown {
  return schema === null ? words(draw, MAX_WORDS) : sampleOf(schema.schema, draw);
}

/** A value for the part of JSON Schema that reply schemas are written in. */
function sampleOf(schema: Json, draw: () => number): unknown {
  if (Array.isArray(schema.enum)) return pick(schema.enum, draw);
  if (schema.const !== undefined) return schema.const;
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) return sampleOf(object(pick(alternatives, draw)), draw);
  switch (Array.isArray(schema.type) ? pick(schema.type, draw) : schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(object(schema.properties)).map(([name, each]) => [name, sampleOf(object(each), draw)]),
      );
    case 'array':
      return list(schema, draw);
    case 'integer':
      return Math.round(numberOf(schema, draw));
    case 'number':
      return Math.round(numberOf(schema, draw) * 10) / 10;
    case 'boolean':
      return draw() < 0.5;
    case 'null':
      return null;
    default:
      return text(schema, draw);
  }
}

/** Of an enumeration, different values, since a list of choices may not name one twice. */
function list(schema: Json, draw: () => number): unknown[] {
  const items = object(schema.items);
  const pool = Array.isArray(items.enum) ? [...items.enum] : undefined;
  const min = number(schema.minItems, 0);
  const most = Math.min(
    number(schema.maxItems, pool?.length ?? min + DEFAULT_MAX_ITEMS),
    pool?.length ?? Infinity,
  );
  const count = Math.min(min + Math.floor(draw() * (most - min + 1)), most);
  return Array.from({ length: Math.max(count, 0) }, () =>
    pool === undefined ? sampleOf(items, draw) : pool.splice(Math.floor(draw() * pool.length), 1)[0],
  );
}

function numberOf(schema: Json, draw: () => number): number {
  const bound = number(schema.maximum, 0);
  const min = number(schema.minimum, bound < 0 ? bound - DEFAULT_RANGE : 0);
  const max = Math.max(number(schema.maximum, min + DEFAULT_RANGE), min);
  return Math.min(Math.max(min + draw() * (max - min), min), max);
}

function text(schema: Json, draw: () => number): string {
  if (schema.format === 'date') return `20${10 + Math.floor(draw() * 15)}-0${1 + Math.floor(draw() * 9)}-15`;
  if (schema.format === 'time') return `1${Math.floor(draw() * 10)}:30`;
  if (schema.format === 'email') return 'somebody@example.org';
  return words(draw, MAX_WORDS).slice(0, number(schema.maxLength, Infinity));
}

function words(draw: () => number, most: number): string {
  // Short texts are commoner than long ones.
  const count = MIN_WORDS + Math.floor(draw() ** 2 * (most - MIN_WORDS + 1));
  return Array.from({ length: count }, () => 'words').join(' ');
}

function pick<T>(values: readonly T[], draw: () => number): T | undefined {
  return values[Math.floor(draw() * values.length)];
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}
