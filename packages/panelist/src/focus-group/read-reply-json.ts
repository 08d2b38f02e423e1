import type { z } from 'zod';
import { unusableReply } from './unusable-reply.ts';

/** A JSON object out of a model's reply, with or without a code fence. @throws PanelistError `REPLY_UNUSABLE` */
export function readReplyJson<T>(text: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(withoutFence(text.trim())));
  } catch (cause) {
    throw unusableReply('it is not the JSON object asked for', { cause });
  }
}

/** Not by one pattern for both ends: `\s*` before the last fence takes quadratic time on spaces elsewhere. */
function withoutFence(text: string): string {
  const inner = text.replace(/^```(?:json)?/, '');
  return inner.endsWith('```') ? inner.slice(0, -3) : inner;
}
