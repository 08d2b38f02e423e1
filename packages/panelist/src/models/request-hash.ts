import { createHash } from 'node:crypto';
import type { ChatRequest, ReplySchema } from './chat-model.ts';

/** Each is needed several times on a call's way, and takes longer than most of what else is done there. */
const digests = new WeakMap<ChatRequest, string>();
const schemaTexts = new WeakMap<ReplySchema, string>();

/**
 * SHA-256 (hex) of everything that determines a reply. `modelIdentity` names the model and, where the id alone does
 * not, who serves it. The order of the fields is fixed here, so that the hash is the same on any machine; changing
 * it makes every kept answer unreachable.
 */
export function requestHash(modelIdentity: string, request: ChatRequest): string {
  return sha256(JSON.stringify([modelIdentity, digestOf(request)]));
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

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
