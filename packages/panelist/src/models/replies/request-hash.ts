import { sha256 } from '../../text/sha256.ts';
import type { ChatModel, ChatRequest, ReplySchema } from '../chat-model.ts';

/** Each is needed several times for one call, and computing it takes longer than most other steps. */
const digests = new WeakMap<ChatRequest, string>();
const schemaTexts = new WeakMap<ReplySchema, string>();

/**
 * SHA-256 (hex) of everything that determines a reply: what its row is stored under, and what an answer records.
 * `modelIdentity` names the model and, where the id alone does not, who serves it. The order of the fields is fixed here,
 * so that the hash is the same on any machine; changing it makes every stored reply unreachable.
 */
export function requestHash(modelIdentity: string, request: ChatRequest): string {
  return sha256(JSON.stringify([modelIdentity, digestOf(request)]));
}

/** The hash under which a model's reply to the request is stored. */
export function hashOf(
  { id, identity = id }: Pick<ChatModel, 'id' | 'identity'>,
  request: ChatRequest,
): string {
  return requestHash(identity, request);
}

/** A reply schema's JSON, made once. */
export function schemaText(replySchema: ReplySchema): string {
  const known = schemaTexts.get(replySchema);
  if (known !== undefined) return known;
  const text = JSON.stringify(replySchema.schema);
  schemaTexts.set(replySchema, text);
  return text;
}

function digestOf(request: ChatRequest): string {
  const known = digests.get(request);
  if (known !== undefined) return known;
  const determining = [
    request.messages.map(({ role, content }) => [role, content]),
    request.replySchema && [request.replySchema.name, schemaText(request.replySchema)],
    request.temperature ?? null,
    request.maxOutputTokens ?? null,
    request.seed ?? null,
    request.replicate ?? 0,
  ];
  const digest = sha256(JSON.stringify(determining));
  digests.set(request, digest);
  return digest;
}
