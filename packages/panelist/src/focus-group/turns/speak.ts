import type { AskedModel } from '../../models/asked-model.ts';
import type {
  ChatMessage,
  ChatModel,
  ChatReply,
  ChatRequest,
  ReplyOptions,
  ReplySchema,
} from '../../models/chat-model.ts';
import { hashOf } from '../../models/replies/request-hash.ts';
import { PanelistError } from '../../panelist-error.ts';
import { shortened } from '../../text/shortened.ts';

/** A reply that is asked for once more, and then recorded as failed. @param problem what to do better */
export function unusableReply(problem: string, options: { readonly cause?: unknown } = {}): PanelistError {
  return new PanelistError('REPLY_UNUSABLE', `The reply cannot be used: ${problem}.`, options);
}

/** What goes with every call of a group. */
export interface CallSettings extends Pick<AskedModel, 'model'> {
  readonly temperature: number | null;
  readonly seed: number | null;
}

/** What a call gave, and what it took. */
export interface Spoken<T> {
  readonly value: T;
  readonly promptHash: string;
  readonly returnedModel: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Characters of an unusable reply that the second request repeats. */
const maxShown = 2_000;

/**
 * Asks once, and once more with the problem shown if `read` finds the reply unusable. Tokens are of both. Where neither
 * can be used, both stored replies are withdrawn, so that a retry asks the model again.
 *
 * @throws PanelistError `REPLY_UNUSABLE`, of the second reply; else the model's error
 */
export async function speak<T>(
  model: ChatModel,
  messages: readonly ChatMessage[],
  {
    settings,
    schema,
    options,
    read,
  }: {
    readonly settings: CallSettings;
    readonly schema?: ReplySchema;
    readonly options: ReplyOptions;
    readonly read: (reply: ChatReply) => T;
  },
): Promise<Spoken<T>> {
  const requestOf = (asked: readonly ChatMessage[]): ChatRequest => ({
    messages: asked,
    replySchema: schema ?? null,
    ...(settings.temperature !== null && { temperature: settings.temperature }),
    ...(settings.seed !== null && { seed: settings.seed }),
  });
  const first = requestOf(messages);
  const reply = await model.reply(first, options);
  try {
    return spoken(read(reply), hashOf(model, first), reply);
  } catch (error) {
    if (!isUnusable(error)) throw error;
    const shown = shortened(reply.text.trim(), maxShown) || '(an empty reply)';
    const second = requestOf([
      ...messages,
      { role: 'assistant', content: shown },
      { role: 'user', content: `${error.message} Say it again.` },
    ]);
    const again = await model.reply(second, options);
    try {
      return spoken(read(again), hashOf(model, second), again, reply);
    } catch (last) {
      if (isUnusable(last)) for (const request of [first, second]) await model.withdraw?.(request);
      throw last;
    }
  }
}

function isUnusable(error: unknown): error is PanelistError {
  return error instanceof PanelistError && error.code === 'REPLY_UNUSABLE';
}

function spoken<T>(value: T, promptHash: string, last: ChatReply, before?: ChatReply): Spoken<T> {
  return {
    value,
    promptHash,
    returnedModel: last.returnedModel,
    inputTokens: last.inputTokens + (before?.inputTokens ?? 0),
    outputTokens: last.outputTokens + (before?.outputTokens ?? 0),
  };
}
