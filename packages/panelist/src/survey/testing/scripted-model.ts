import type { ChatModel, ChatReply, ChatRequest } from '../../models/chat-model.ts';
import { chatReply } from '../../models/testing/chat-reply.ts';

type Scripted = string | Record<string, unknown> | Partial<ChatReply> | Error;

/** A model that replies with a script, in order, and records its requests. Throws when the script has ended. */
export class ScriptedModel implements ChatModel {
  readonly id = 'scripted/model';
  readonly requests: ChatRequest[] = [];
  readonly #script: Scripted[];

  /** A string is the reply's text, `{ text: … }` the reply, another object the JSON of its text. */
  constructor(...script: Scripted[]) {
    this.#script = script;
  }

  async reply(request: ChatRequest, { signal }: { readonly signal: AbortSignal }): Promise<ChatReply> {
    signal.throwIfAborted();
    this.requests.push(request);
    const next = this.#script.shift();
    if (next === undefined) throw new Error(`asked once more than scripted: ${this.lastPrompt}`);
    if (next instanceof Error) throw next;
    const isReply = typeof next === 'object' && 'text' in next;
    const text = typeof next === 'string' ? next : JSON.stringify(next);
    return chatReply(text, { returnedModel: 'model-2', ...(isReply && (next as Partial<ChatReply>)) });
  }

  get lastPrompt(): string {
    return this.requests.at(-1)?.messages.at(-1)?.content ?? '';
  }

  /** The keys that each request asked for. */
  get asked(): string[][] {
    return this.requests.map(({ replySchema }) =>
      Object.keys((replySchema?.schema.properties ?? {}) as object),
    );
  }
}
