import { createHash } from 'node:crypto';
import type { ChatRequest } from './chat-model.ts';

/**
 * SHA-256 (hex) of everything that determines a reply. `modelIdentity` names the model and, where the id alone does
 * not, who serves it. The order of the fields is fixed here, so that the hash is the same on any machine; changing
 * it makes every kept answer unreachable.
 */
export function requestHash(modelIdentity: string, request: ChatRequest): string {
  const determining = [
    modelIdentity,
    request.messages.map(({ role, content }) => [role, content]),
    request.replySchema && [request.replySchema.name, request.replySchema.schema],
    request.temperature ?? null,
    request.maxOutputTokens ?? null,
    request.seed ?? null,
    request.replicate ?? 0,
  ];
  return createHash('sha256').update(JSON.stringify(determining)).digest('hex');
}
