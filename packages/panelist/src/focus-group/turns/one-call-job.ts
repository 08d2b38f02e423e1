import type { Job } from '@panelist/toolkit';
import type { z } from 'zod';
import type { AskedModel } from '../../models/asked-model.ts';
import type { ChatReply, ReplySchema } from '../../models/chat-model.ts';
import type { StoredJob } from '../../stored/stored-job.ts';
import type { TurnPosition } from '../group.ts';
import { interactive, type ModelFor } from './round-job.ts';
import { type CallSettings, type Spoken, speak, unusableReply } from './speak.ts';

/** The parameters of a turn that is a single call. */
export interface OneCallParams extends TurnPosition, AskedModel, CallSettings {
  readonly title: string;
  readonly language: string;
}

interface OneCall<Params, T> {
  readonly system: (params: Params) => string;
  readonly user: (params: Params) => string;
  readonly schema?: (params: Params) => ReplySchema;
  /** @throws PanelistError `REPLY_UNUSABLE`, with what to do better */
  readonly read: (reply: ChatReply, params: Params) => T;
}

/** A turn that is nobody's reply: a summary, a moderator's decision, themes. */
export function oneCallJob<Params extends OneCallParams, T>(
  job: StoredJob<string, Params, Spoken<T>>,
  modelFor: ModelFor,
  { system, user, schema, read }: OneCall<Params, T>,
): Job<string, Params, Spoken<T>> {
  return {
    retry: false,
    ...job.runner(async (_, context) => {
      const params = context.taskParams;
      const model = await modelFor(params, params.focusGroupId);
      const messages = [
        { role: 'system', content: system(params) },
        { role: 'user', content: user(params) },
      ] as const;
      return await speak(model, messages, {
        settings: params,
        ...(schema && { schema: schema(params) }),
        options: interactive(context),
        read: (reply) => read(reply, params),
      });
    }),
  };
}

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
