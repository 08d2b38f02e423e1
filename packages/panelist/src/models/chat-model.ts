import type { CallReport } from '@panelist/toolkit';

/** A JSON Schema (draft 7) that the reply must satisfy, with the name that providers want for it. */
export interface ReplySchema {
  readonly name: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Everything that determines a reply of the same model. */
export interface ChatRequest {
  readonly messages: readonly ChatMessage[];
  readonly replySchema: ReplySchema | null;
  /** @default the provider's */
  readonly temperature?: number | undefined;
  /** @default the provider's */
  readonly maxOutputTokens?: number | undefined;
  /** Passed to providers that know one. */
  readonly seed?: number | undefined;
  /** The repeat index: equal requests with different indexes do not share a reply. @default 0 */
  readonly replicate?: number | undefined;
}

export interface ChatReply {
  /** As the model sent it, whatever it is. */
  readonly text: string;
  /** `length`: cut off; `content-filter`: withheld by the provider. */
  readonly finishReason: 'stop' | 'length' | 'content-filter' | 'other';
  /** The id of the model that replied, as the provider reports it. */
  readonly returnedModel: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Whether the provider's counts were missing or could not be true, and the tokens are estimates. @default false */
  readonly isEstimated?: boolean | undefined;
  /** HTTP requests that it took, refused and failed ones included. @default 1 */
  readonly attempts?: number | undefined;
  /** From sending the successful attempt to its last byte, milliseconds. */
  readonly elapsedMs: number;
}

/** Whose call it is: one item of one task. */
export interface Caller {
  readonly taskId: string;
  readonly itemKey: string;
}

export interface ReplyOptions {
  readonly signal: AbortSignal;
  /** After it aborts, no request is sent; a request that was sent may finish. Rejects with its reason. */
  readonly draining?: AbortSignal | undefined;
  /** Called with the response's headers and the tokens that the call took in all. */
  readonly report?: ((report: CallReport) => void) | undefined;
  /** Whose call it is: its reply is stored as the task's, and tasks take turns where they share a throttle. */
  readonly caller?: Caller | undefined;
  /** Waiting calls with a higher priority start first. @default 0 */
  readonly priority?: number | undefined;
}

/** All that surveys and focus groups know of a model. */
export interface ChatModel {
  /** `provider/model`, as requested. */
  readonly id: string;
  /** Names the model and who serves it: part of what determines a reply (`request-hash.ts`). @default the id */
  readonly identity?: string | undefined;
  /** Rejects with the provider's error if there is no reply. It does not check whether the text fits the schema. */
  reply(request: ChatRequest, options: ReplyOptions): Promise<ChatReply>;
  /** Takes the stored reply to a request back, if there is one: the same request then asks the model again. */
  withdraw?(request: ChatRequest): Promise<void>;
}

export interface OpenedModel {
  readonly model: ChatModel;
  /** The model and, if the id alone does not name it, its server: what its replies are stored under. */
  readonly identity: string;
  /** Calls with the same account share their rate limits: provider, model and a hash of the key. */
  readonly account: string;
  /** Nobody else can call it: its server is part of this process. @default false */
  readonly isLocal?: boolean | undefined;
  close(): Promise<void>;
}
