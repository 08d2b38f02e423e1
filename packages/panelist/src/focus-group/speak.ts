import type { AskedModel } from '../models/asked-model.ts';
import type { ChatMessage, ChatModel, ChatReply, ReplyOptions } from '../models/chat-model.ts';
import { requestHash } from '../models/request-hash.ts';
import { PanelistError } from '../panelist-error.ts';
import { shortened } from '../text/shortened.ts';

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

/** Characters of a reply that did not fit, when it is shown with the second asking. */
const maxShown = 2_000;

/**
 * Asks once, and once more with the problem shown if `read` finds the reply unusable. Tokens are of both.
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
    readonly schema?: Parameters<ChatModel['reply']>[0]['replySchema'];
    readonly options: ReplyOptions;
    readonly read: (reply: ChatReply) => T;
  },
): Promise<Spoken<T>> {
  const ask = async (asked: readonly ChatMessage[]): Promise<{ hash: string; reply: ChatReply }> => {
    const request = {
      messages: asked,
      replySchema: schema ?? null,
      ...(settings.temperature !== null && { temperature: settings.temperature }),
      ...(settings.seed !== null && { seed: settings.seed }),
    };
    return { hash: requestHash(settings.model, request), reply: await model.reply(request, options) };
  };
  const first = await ask(messages);
  try {
    return spoken(read(first.reply), first.hash, first.reply);
  } catch (error) {
    if (!(error instanceof PanelistError && error.code === 'REPLY_UNUSABLE')) throw error;
    const shown = shortened(first.reply.text.trim(), maxShown) || '(an empty reply)';
    const again = await ask([
      ...messages,
      { role: 'assistant', content: shown },
      { role: 'user', content: `${error.message} Say it again.` },
    ]);
    return spoken(read(again.reply), again.hash, again.reply, first.reply);
  }
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
