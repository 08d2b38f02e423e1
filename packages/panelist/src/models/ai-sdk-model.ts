import type {
  JSONSchema7,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4Prompt,
} from '@ai-sdk/provider';
import { type Clock, systemClock } from '@panelist/toolkit';
import { cutAt, shortened } from '../text/shortened.ts';
import { terminalSafe } from '../text/terminal-safe.ts';
import type { ChatMessage, ChatModel, ChatReply, ChatRequest, ReplyOptions } from './chat-model.ts';
import { modelCallError } from './model-call-error.ts';
import { Redactor } from './redactor.ts';
import { countTokens } from './tokens.ts';

/** The rest of a reply is cut off; the answers to a survey's page are a few kilobytes. */
const LONGEST_REPLY_CHARS = 1_000_000;
/** Of the model's name, which every answer's record repeats. */
const LONGEST_MODEL_CHARS = 200;
/** Of the name as it came, white space and control characters included. */
const LONGEST_RAW_MODEL_CHARS = 2_000;

export interface AiSdkModelOptions {
  /** For errors, replies and the names of models. @default one without keys, which removes what looks like a key */
  readonly redactor?: Redactor | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
}

/**
 * A model that is reached through an AI SDK provider. It asks for structured output and returns the text as it came; the
 * survey checks what fits a question. It uses the SDK's provider contract and not `generateText`, which throws away the
 * text of a reply that does not parse, and spends time on steps and tools that are not used here.
 */
export class AiSdkModel implements ChatModel {
  readonly id: string;
  readonly #model: LanguageModelV4;
  readonly #redactor: Redactor;
  readonly #clock: Clock;

  constructor(
    id: string,
    model: LanguageModelV4,
    { redactor = new Redactor([]), clock = systemClock }: AiSdkModelOptions = {},
  ) {
    this.id = id;
    this.#model = model;
    this.#redactor = redactor;
    this.#clock = clock;
  }

  async reply(request: ChatRequest, { signal, report }: ReplyOptions): Promise<ChatReply> {
    const { replySchema, temperature, maxOutputTokens, seed } = request;
    const startedAt = this.#clock.monotonic();
    const result = await this.#generate({
      prompt: request.messages.map(promptMessage),
      abortSignal: signal,
      ...(replySchema && {
        responseFormat: { type: 'json', name: replySchema.name, schema: replySchema.schema as JSONSchema7 },
      }),
      ...(temperature !== undefined && { temperature }),
      ...(maxOutputTokens !== undefined && { maxOutputTokens }),
      ...(seed !== undefined && { seed }),
    });
    const text =
      result.structuredOutputText ??
      result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
    const { usage, response } = result;
    const { inputTokens, outputTokens, isEstimated } = countTokens(
      { input: usage.inputTokens.total, output: usage.outputTokens.total },
      { sent: request.messages.map(({ content }) => content), received: text },
    );
    // The throttle learns from reported tokens only.
    report?.({ headers: response?.headers, tokens: isEstimated ? undefined : inputTokens + outputTokens });
    return {
      text: cutAt(this.#redactor.redact(text), LONGEST_REPLY_CHARS),
      finishReason: finishReason(result.finishReason.unified),
      returnedModel: this.#modelName(response?.modelId),
      inputTokens,
      outputTokens,
      ...(isEstimated && { isEstimated }),
      elapsedMs: Math.round(this.#clock.monotonic() - startedAt),
    };
  }

  /** Redacted before it is cut, or a piece of a key could stay. */
  #modelName(returned: string | undefined): string {
    const name = this.#redactor.redact(returned ?? this.#model.modelId);
    return shortened(terminalSafe(cutAt(name, LONGEST_RAW_MODEL_CHARS)), LONGEST_MODEL_CHARS);
  }

  async #generate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    try {
      return await this.#model.doGenerate(options);
    } catch (error) {
      // The caller's own reason, which says more than what the package makes of it.
      options.abortSignal?.throwIfAborted();
      throw modelCallError(error, this.#redactor);
    }
  }
}

function promptMessage({ role, content }: ChatMessage): LanguageModelV4Prompt[number] {
  return role === 'system' ? { role, content } : { role, content: [{ type: 'text', text: content }] };
}

function finishReason(reason: string): ChatReply['finishReason'] {
  return reason === 'stop' || reason === 'length' || reason === 'content-filter' ? reason : 'other';
}
