import { z } from 'zod';
import { sha256 } from '../text/sha256.ts';
import { ApiError } from './api-error.ts';
import { canonicalJson, JsonTooDeepError } from './canonical-json.ts';

/** What the simulator reads of a request; the rest is let through, and is part of its hash. */
export interface ChatCompletionRequest {
  readonly model: string;
  readonly messages: readonly ChatCompletionMessage[];
  readonly response_format?: ResponseFormat | null | undefined;
  readonly max_tokens?: number | null | undefined;
  readonly max_completion_tokens?: number | null | undefined;
  readonly temperature?: number | null | undefined;
  /** Gives the same persona other answers where chance decides. */
  readonly seed?: number | null | undefined;
}

interface ChatCompletionMessage {
  readonly role: 'system' | 'developer' | 'user' | 'assistant' | 'tool' | 'function';
  readonly content?:
    | string
    | readonly { readonly type: string; readonly text?: string | undefined }[]
    | null
    | undefined;
}

type ResponseFormat =
  | { readonly type: 'text' | 'json_object' }
  | {
      readonly type: 'json_schema';
      readonly json_schema: {
        readonly name: string;
        readonly schema?: Readonly<Record<string, unknown>> | undefined;
        readonly strict?: boolean | null | undefined;
      };
    };

const unsupported = (what: string): { readonly error: string } => ({ error: `The simulator ${what}` });

const messageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z
    .union(
      [z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() })), z.null()],
      {
        error: 'Expected a string or a list of content parts',
      },
    )
    .optional(),
});

const responseFormatSchema = z.discriminatedUnion(
  'type',
  [
    z.looseObject({ type: z.literal('text') }),
    z.looseObject({ type: z.literal('json_object') }),
    z.looseObject({
      type: z.literal('json_schema'),
      json_schema: z.looseObject({
        name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'Expected 1 to 64 letters, digits, _ or -'),
        schema: z.record(z.string(), z.unknown()).optional(),
        strict: z.boolean().nullish(),
      }),
    }),
  ],
  { error: 'Expected { "type": "text" | "json_object" | "json_schema" }' },
);

const requestSchema: z.ZodType<ChatCompletionRequest> = z.looseObject({
  model: z.string().min(1),
  messages: z.array(messageSchema).min(1),
  response_format: responseFormatSchema.nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  seed: z.int().nullish(),
  stream: z.literal(false, unsupported('does not stream: leave "stream" out')).nullish(),
  n: z.literal(1, unsupported('gives one choice: leave "n" out')).nullish(),
  tools: z.array(z.unknown()).max(0, unsupported('calls no tools: leave "tools" out')).nullish(),
});

export interface ReceivedRequest {
  readonly request: ChatCompletionRequest;
  /** SHA-256 of the body's canonical JSON, hexadecimal: equal for equal requests, however they are written. */
  readonly hash: string;
}

/** @throws ApiError 400, telling which parameter is wrong */
export function readChatRequest(body: string): ReceivedRequest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw ApiError.badRequest('The body of the request is not valid JSON', null);
  }
  let canonical: string;
  try {
    canonical = canonicalJson(parsed);
  } catch (error) {
    if (error instanceof JsonTooDeepError) throw ApiError.badRequest(error.message, null);
    throw error;
  }
  const checked = requestSchema.safeParse(parsed);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    const param = (issue?.path ?? []).reduce<string>(
      (path, key) =>
        typeof key === 'number' ? `${path}[${key}]` : `${path}${path === '' ? '' : '.'}${String(key)}`,
      '',
    );
    throw ApiError.badRequest(
      `Invalid ${param === '' ? 'body' : `value of '${param}'`}: ${issue?.message ?? 'not a chat request'}`,
      param === '' ? null : param,
    );
  }
  return { request: checked.data, hash: sha256(canonical) };
}

/** The text of a message, whether it came as a string or in parts. */
export function messageText({ content }: ChatCompletionMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('\n');
}
