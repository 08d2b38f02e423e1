import type { z } from 'zod';
import { unusableReply } from './unusable-reply.ts';

/** A JSON object out of a model's reply, with or without a code fence. @throws PanelistError `REPLY_UNUSABLE` */
export function readReplyJson<T>(text: string, shape: z.ZodType<T>): T {
  const json = text.trim().replace(/^```(?:json)?\s*|\s*```$/g, '');
  try {
    return shape.parse(JSON.parse(json));
  } catch (cause) {
    throw unusableReply('it is not the JSON object asked for', { cause });
  }
}
